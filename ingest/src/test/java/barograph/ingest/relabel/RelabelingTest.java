package barograph.ingest.relabel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.ingest.relabel.RelabelRule.Action;
import barograph.storage.model.Labels;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RelabelingTest {
  private static final Labels ABC = Labels.of("a", "foo", "b", "bar", "c", "baz");

  @Test
  void replacesByWhatTheGroupsMatched() {
    assertThat(apply(ABC, RelabelRule.replace(List.of("a"), "f(.*)", "d", "ch${1}-ch${1}")))
        .isEqualTo(ABC.with("d", "choo-choo"));
    assertThat(apply(ABC, RelabelRule.replace(List.of("a", "b"), "f(.*);(.*)r", "a", "b${1}${2}m")))
        .isEqualTo(ABC.with("a", "boobam"));
    assertThat(apply(ABC, RelabelRule.replace(List.of("a"), "(?P<x>f)oo", "d", "$x-${x}-$$-$1y-$")))
        .isEqualTo(ABC.with("d", "f-f-$--$"));
  }

  @Test
  void namesTheTargetByAGroup() {
    assertThat(apply(ABC, RelabelRule.replace(List.of("a"), "(.*)", "x_$1", "1")))
        .isEqualTo(ABC.with("x_foo", "1"));
  }

  @Test
  void takesALabelAwayWhenItsReplacementIsEmpty() {
    assertThat(apply(ABC, RelabelRule.replace(List.of("b"), ".*", "a", "")))
        .isEqualTo(ABC.without("a"));
  }

  @Test
  void leavesLabelsAloneWhenTheWholeValueDoesNotMatch() {
    assertThat(apply(ABC, RelabelRule.replace(List.of("a"), "fo", "a", "x"))).isEqualTo(ABC);
  }

  @Test
  void setsAPlainValueWithoutASource() {
    assertThat(apply(ABC, RelabelRule.replace(List.of(), "(.*)", "env", "prod")))
        .isEqualTo(ABC.with("env", "prod"));
  }

  @Test
  void letsTheDotMatchANewline() {
    Labels lines = Labels.of("a", "x\ny");
    assertThat(apply(lines, RelabelRule.replace(List.of("a"), "x(.)y", "b", "z$1")))
        .isEqualTo(lines.with("b", "z\n"));
  }

  @Test
  void keepsAndDropsByMatch() {
    assertThat(apply(ABC, RelabelRule.filter(Action.KEEP, List.of("a"), "foo|bar"))).isEqualTo(ABC);
    assertThat(apply(ABC, RelabelRule.filter(Action.KEEP, List.of("a"), "fo"))).isNull();
    assertThat(apply(ABC, RelabelRule.filter(Action.DROP, List.of("a", "b"), "foo;bar"))).isNull();
    assertThat(apply(ABC, RelabelRule.filter(Action.DROP, List.of("none"), ".+"))).isEqualTo(ABC);
  }

  @Test
  void keepsAndDropsByEquality() {
    Labels same = Labels.of("a", "x", "b", "x");
    assertThat(apply(same, rule(Action.KEEPEQUAL, "(.*)", 0, "b", "$1"))).isEqualTo(same);
    assertThat(apply(ABC, rule(Action.KEEPEQUAL, "(.*)", 0, "b", "$1"))).isNull();
    assertThat(apply(same, rule(Action.DROPEQUAL, "(.*)", 0, "b", "$1"))).isNull();
    assertThat(apply(ABC, rule(Action.DROPEQUAL, "(.*)", 0, "b", "$1"))).isEqualTo(ABC);
  }

  @Test
  void hashesIntoBuckets() {
    // md5("foo") = acbd18db4cc2f85cedef654fccc4a4d8; its last eight bytes modulo 1000.
    assertThat(apply(ABC, rule(Action.HASHMOD, "(.*)", 1000, "d", "$1")))
        .isEqualTo(
            ABC.with(
                "d", Long.toUnsignedString(Long.remainderUnsigned(0xedef654fccc4a4d8L, 1000))));
  }

  @Test
  void mapsDropsAndKeepsLabelsByName() {
    Labels meta = Labels.of("__meta_x", "1", "__meta_y", "2", "z", "3");
    assertThat(
            apply(
                meta, new RelabelRule(List.of(), ";", "__meta_(.*)", 0, "", "$1", Action.LABELMAP)))
        .isEqualTo(meta.with("x", "1").with("y", "2"));
    assertThat(apply(meta, RelabelRule.filter(Action.LABELDROP, List.of(), "__meta_.*")))
        .isEqualTo(Labels.of("z", "3"));
    assertThat(apply(meta, RelabelRule.filter(Action.LABELKEEP, List.of(), "z")))
        .isEqualTo(Labels.of("z", "3"));
  }

  @Test
  void changesCase() {
    assertThat(apply(Labels.of("a", "FoÖ"), rule(Action.LOWERCASE, "(.*)", 0, "b", "$1")).get("b"))
        .isEqualTo("foö");
    assertThat(apply(Labels.of("a", "fOö"), rule(Action.UPPERCASE, "(.*)", 0, "b", "$1")).get("b"))
        .isEqualTo("FOÖ");
  }

  @Test
  void appliesEachRuleToWhatTheOneBeforeLeft() {
    assertThat(
            Relabeling.of(
                    List.of(
                        RelabelRule.replace(List.of("a"), "(.*)", "d", "$1!"),
                        RelabelRule.filter(Action.KEEP, List.of("d"), "foo!"),
                        RelabelRule.filter(Action.LABELDROP, List.of(), "a|b")))
                .apply(ABC))
        .isEqualTo(Labels.of("c", "baz", "d", "foo!"));
  }

  @Test
  void refusesRulesThatCannotWork() {
    assertThatThrownBy(() -> rule(Action.HASHMOD, "(.*)", 0, "d", "$1"))
        .hasMessage("relabel configuration for hashmod requires non-zero modulus");
    assertThatThrownBy(() -> rule(Action.REPLACE, "(.*)", 0, "", "$1"))
        .hasMessage("relabel configuration for replace action requires 'target_label' value");
    assertThatThrownBy(() -> rule(Action.LABELDROP, "x", 0, "", "$1"))
        .hasMessage("labeldrop action requires only 'regex', and no other fields");
    assertThatThrownBy(() -> rule(Action.LOWERCASE, "(.*)", 0, "d", "x"))
        .hasMessage("'replacement' can not be set for lowercase action");
    assertThatThrownBy(() -> rule(Action.KEEPEQUAL, "x", 0, "d", "$1"))
        .hasMessageContaining("requires only 'source_labels' and 'target_label'");
    assertThatThrownBy(() -> RelabelRule.filter(Action.KEEP, List.of("a"), "("))
        .hasMessageContaining("error parsing regexp");
    assertThat(Action.named("LabelMap")).isEqualTo(Action.LABELMAP);
    assertThatThrownBy(() -> Action.named("destroy"))
        .hasMessage("unknown relabel action \"destroy\"");
  }

  private static RelabelRule rule(
      Action action, String regex, long modulus, String target, String replacement) {
    return new RelabelRule(List.of("a"), ";", regex, modulus, target, replacement, action);
  }

  private static @Nullable Labels apply(Labels labels, RelabelRule rule) {
    return Relabeling.of(List.of(rule)).apply(labels);
  }
}
