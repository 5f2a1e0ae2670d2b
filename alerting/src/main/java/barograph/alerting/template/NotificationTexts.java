package barograph.alerting.template;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The texts of notifications: templates that call each other by name, those of this program and
/// over them those of the user's files.
public final class NotificationTexts {
  private static final FunctionTable KNOWN = NotificationFunctions.table(Instant.EPOCH);
  private static final List<String> OWN = List.of("default.tmpl", "email.tmpl");

  private final Map<String, Definition> library = new HashMap<>();
  private final Map<String, Template> parsed = new ConcurrentHashMap<>();

  private NotificationTexts() {}

  /// The templates of this program and of `files`; of two with the same name the later one counts,
  /// unless there is nothing in it.
  ///
  /// @throws TemplateException if one cannot be read
  public static NotificationTexts of(List<TemplateFile> files) {
    var texts = new NotificationTexts();
    OWN.forEach(name -> texts.add(new TemplateFile(name, own(name))));
    files.forEach(texts::add);
    return texts;
  }

  private void add(TemplateFile file) {
    var parser = new TemplateParser(file.path(), file.text(), KNOWN.names());
    parser
        .parse()
        .forEach((name, fresh) ->
            library.merge(name, fresh, (old, later) -> later.isBlank() ? old : later));
  }

  private static String own(String name) {
    try (InputStream in = NotificationTexts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the program's file %s cannot be read".formatted(name), e);
    }
  }

  /// Refuses what cannot be parsed.
  ///
  /// @throws TemplateException naming the place
  public void check(String text) {
    template(text);
  }

  private Template template(String text) {
    return parsed.computeIfAbsent(text, source -> Template.parse("", source, KNOWN, library));
  }

  /// The texts of one notification.
  ///
  /// @param data is asked for by the first template that there is: many messages have none
  public Expansion of(Supplier<NotificationData> data) {
    return new Expansion(data);
  }

  /// Expands texts for one notification, on one thread.
  public final class Expansion {
    private final Supplier<NotificationData> source;
    private @Nullable Struct data;
    private @Nullable FunctionTable functions;

    private Expansion(Supplier<NotificationData> source) {
      this.source = source;
    }

    private String expanded(String text, TemplateOutput output) {
      var known = data;
      var called = functions;
      if (known == null || called == null) {
        var all = source.get();
        known = all.struct();
        called = NotificationFunctions.table(all.now());
        data = known;
        functions = called;
      }
      return template(text).expand(known, called, output);
    }

    /// The expanded text.
    ///
    /// @throws TemplateException if the template asks for something that is not there
    public String text(String template) {
      return template.contains("{{") ? expanded(template, new PlainOutput()) : template;
    }

    /// The expanded HTML, every value escaped for its place.
    ///
    /// @throws TemplateException if the template asks for something that is not there
    public String html(String template) {
      return expanded(template, new HtmlOutput());
    }
  }
}
