package barograph.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The arrows of `docs/architecture.md`, held against the compiled classes of every module.
class ArchitectureTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(place -> !place.contains("/test-classes/"))
          .withImportOption(place -> !place.contains("-tests.jar"))
          .importPackages("barograph");

  /// Where bytes of a file are read or written; a mere path is a name.
  private static final DescribedPredicate<JavaClass> FILE_ACCESS =
      belongToAnyOf(
              AsynchronousFileChannel.class,
              File.class,
              FileChannel.class,
              FileInputStream.class,
              FileOutputStream.class,
              FileReader.class,
              FileWriter.class,
              Files.class,
              RandomAccessFile.class)
          .as("open, list, move or delete files");

  @ParameterizedTest(name = "{0} does not see {1}")
  @CsvSource({
    "storage, query ingest alerting server",
    "query, ingest alerting server",
    "ingest, query alerting server",
    "alerting, ingest server",
  })
  void aModuleSeesOnlyWhatIsBelowIt(String module, String unseen) {
    noClasses()
        .that()
        .resideInAPackage(within(module))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages(unseen))
        .check(HOUSE);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"storage", "query", "ingest", "alerting", "server"})
  void everyModuleIsLookedAt(String module) {
    assertThat(HOUSE.stream().filter(resideInAPackage(within(module))))
        .as("classes of " + module)
        .hasSizeGreaterThan(10);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"storage", "query", "ingest", "alerting", "server"})
  void theRoomsOfAModuleStandInNoCircle(String module) {
    slices()
        .matching("barograph.%s.(*)..".formatted(module))
        .should()
        .beFreeOfCycles()
        .check(HOUSE);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"storage", "query", "ingest", "alerting", "server"})
  void anInnerRoomDoesNotDependOnItsModulesDoor(String module) {
    noClasses()
        .that()
        .resideInAPackage("barograph.%s.*..".formatted(module))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("barograph." + module)
        .check(HOUSE);
  }

  @ParameterizedTest(name = "{0} only in {1}")
  @CsvSource({
    "io.netty.., barograph.server.http",
    "org.antlr.., barograph.query.parse",
    "org.roaringbitmap.., barograph.storage..",
    "org.snakeyaml.., barograph.server.config",
    "org.HdrHistogram.., barograph.server.self",
    "ch.qos.logback.., barograph.server.cli",
    "net.openhft.., barograph.server.catalog",
    "oshi.., barograph.ingest.host",
    "com.sun.jna.., barograph.ingest.host",
  })
  void aLibraryLivesInOneRoom(String library, String room) {
    outside(room).should().dependOnClassesThat().resideInAPackage(library).check(HOUSE);
  }

  /// Files of passwords and keys are no stored data.
  @Test
  void storageTouchesFilesInItsDiskRoomAlone() {
    noClasses()
        .that()
        .resideInAPackage(within("storage"))
        .and()
        .resideOutsideOfPackage("barograph.storage.disk")
        .and(not(named("barograph.storage.outbound.Secret")))
        .should()
        .dependOnClassesThat(FILE_ACCESS)
        .check(HOUSE);
  }

  /// The host collector reads `/proc`, the configuration is read, the process counts its open
  /// files, the rehearsal has a folder to clear away, the catalog's view is no stored data.
  @Test
  void elsewhereOnlyRoomsThatReadTheirOwnFilesTouchAny() {
    noClasses()
        .that()
        .resideOutsideOfPackage(within("storage"))
        .and()
        .resideOutsideOfPackages("barograph.ingest.host", "barograph.server.config")
        .and(not(named("barograph.ingest.discovery.FileDiscoverer")))
        .and(not(named("barograph.ingest.discovery.SystemDns")))
        .and(not(named("barograph.ingest.scrape.FailureLog")))
        .and(not(named("barograph.server.self.ProcessFigures")))
        .and(not(named("barograph.server.Rehearsal")))
        .and(not(named("barograph.server.catalog.MappedRows")))
        .and(not(named("barograph.server.catalog.ViewFile")))
        .should()
        .dependOnClassesThat(FILE_ACCESS)
        .check(HOUSE);
  }

  @Test
  void theApiKnowsNoConfigurationFile() {
    noClasses()
        .that()
        .resideInAnyPackage("barograph.server.api", "barograph.server.http")
        .should()
        .dependOnClassesThat(resideInAnyPackage("barograph.server.config", "barograph.server.cli"))
        .check(HOUSE);
  }

  @Test
  void nothingIsLookedUpByReflectionButTheHangupSignal() {
    noClasses()
        .that(not(named("barograph.server.cli.Hangup")))
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.lang.reflect").or(named("sun.misc.Unsafe")).as("reflect"))
        .check(HOUSE);
  }

  @Test
  void staticFieldsNeverChange() {
    fields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat(not(generatedFromTheGrammar()))
        .should()
        .beFinal()
        .check(HOUSE);
  }

  private static GivenClassesConjunction outside(String room) {
    return noClasses().that().resideOutsideOfPackage(room);
  }

  private static DescribedPredicate<JavaClass> generatedFromTheGrammar() {
    return resideInAPackage("barograph.query.parse")
        .and(
            DescribedPredicate.describe(
                "generated", type -> type.getName().matches(".*\\.Promql(Lexer|Parser).*")));
  }

  private static DescribedPredicate<JavaClass> named(String name) {
    return DescribedPredicate.describe(
        name, type -> type.getName().equals(name) || type.getName().startsWith(name + "$"));
  }

  private static String within(String module) {
    return "barograph." + module + "..";
  }

  private static String[] packages(String modules) {
    String[] names = modules.split(" ");
    for (int i = 0; i < names.length; i++) {
      names[i] = within(names[i]);
    }
    return names;
  }
}
