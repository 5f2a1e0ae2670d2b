package barograph.ingest.discovery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/// An element of an XML document as Amazon's services answer: texts in named elements, and lists
/// whose members are called `item`.
final class XmlNode {
  private static final int MOST_DEVICES = 1000;

  private final @Nullable Node element;

  private XmlNode(@Nullable Node element) {
    this.element = element;
  }

  /// The outermost element of a document, which may neither define nor name anything outside.
  ///
  /// @throws IOException if it is no such document
  static XmlNode parse(byte[] document) throws IOException {
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return new XmlNode(builder.parse(new ByteArrayInputStream(document)).getDocumentElement());
    } catch (SAXException e) {
      throw new IOException("the answer is no XML: " + e.getMessage(), e);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("this Java reads no XML", e);
    }
  }

  private XmlNode child(String name) {
    if (element != null) {
      for (Node at = element.getFirstChild(); at != null; at = at.getNextSibling()) {
        if (at instanceof Element && at.getNodeName().equals(name)) {
          return new XmlNode(at);
        }
      }
    }
    return new XmlNode(null);
  }

  /// The text of the element at this path; empty if there is none.
  String text(String... path) {
    XmlNode at = this;
    for (String name : path) {
      at = at.child(name);
    }
    return at.element == null ? "" : at.element.getTextContent().strip();
  }

  /// The small number at this path; 0 if there is none.
  int number(String... path) {
    String text = text(path);
    return text.matches("[0-9]{1,4}") ? Math.min(MOST_DEVICES, Integer.parseInt(text)) : 0;
  }

  /// The members of the list with this name.
  List<XmlNode> items(String name) {
    var items = new ArrayList<XmlNode>();
    XmlNode list = child(name);
    if (list.element != null) {
      for (Node at = list.element.getFirstChild(); at != null; at = at.getNextSibling()) {
        if (at instanceof Element && at.getNodeName().equals("item")) {
          items.add(new XmlNode(at));
        }
      }
    }
    return items;
  }
}
