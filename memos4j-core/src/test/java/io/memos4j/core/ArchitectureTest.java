package io.memos4j.core;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** The module map of docs/architecture.md, held by rules. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.memos4j");

    @Test
    void theApiDependsOnNothingButTheJdk() {
        classes()
                .that()
                .resideInAnyPackage("io.memos4j.api..", "io.memos4j.spi..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.memos4j.api..", "io.memos4j.spi..", "io.memos4j.internal..", "java..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void theTopicsOfTheApiAndOfTheSpiHaveNoCycles() {
        slices().matching("io.memos4j.api.(*)..").should().beFreeOfCycles().check(CLASSES);
        slices().matching("io.memos4j.spi.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theVocabularyDoesNotKnowTheSpi() {
        noClasses()
                .that()
                .resideInAPackage("io.memos4j.api..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.memos4j.spi..")
                .check(CLASSES);
    }

    @Test
    void coreNamesNoVaultNoIndexAndNoEmbedder() {
        noClasses()
                .that()
                .resideInAPackage("io.memos4j.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.memos4j.vault..",
                        "io.memos4j.index..",
                        "io.memos4j.embeddings..",
                        "io.memos4j.runtime..",
                        "java.sql..",
                        "org.apache.lucene..",
                        "ai.onnxruntime..")
                .check(CLASSES);
    }

    @Test
    void vaultIndexAndEmbedderDoNotKnowEachOtherNorCore() {
        slices().matching("io.memos4j.(vault|index|embeddings|core)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    @Test
    void theRoomsOfCoreHaveNoCycles() {
        slices().matching("io.memos4j.core.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void noRoomDependsOnTheDoorExceptForTheConfiguration() {
        noClasses()
                .that()
                .resideInAPackage("io.memos4j.core.*..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.memos4j.core.MemOs")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.memos4j.core.Engine")
                .check(CLASSES);
    }

    @Test
    void partsAreFoundByTheServiceLoaderAndHideTheRest() {
        classes()
                .that()
                .resideInAnyPackage("io.memos4j.vault..", "io.memos4j.index..")
                .and()
                .areTopLevelClasses()
                .and()
                .haveSimpleNameNotEndingWith("Provider")
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .notBePublic()
                .check(CLASSES);
    }
}
