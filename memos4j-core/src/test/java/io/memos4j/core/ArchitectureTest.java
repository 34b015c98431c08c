package io.memos4j.core;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** The package rules of docs/architecture.md; {@link ModuleMapTest} holds its module map. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.memos4j");

    /** The types of the root package that configure features. */
    private static final Set<String> CONFIGURATION =
            Set.of("io.memos4j.core.MemOsConfig", "io.memos4j.core.ChatConfig", "io.memos4j.core.TrainingConfig");

    @Test
    void theApiDependsOnNothingButTheJdk() {
        classes()
                .that()
                .resideInAnyPackage("io.memos4j.api..", "io.memos4j.spi..", "io.memos4j.internal..")
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
    void theApiOfUsersDoesNotKnowTheSpi() {
        noClasses()
                .that()
                .resideInAPackage("io.memos4j.api..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.memos4j.spi..")
                .check(CLASSES);
    }

    @Test
    void coreNamesNoVaultNoIndexNoEmbedderAndNoRuntime() {
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
                        "io.memos4j.trainer..",
                        "java.sql..",
                        "java.net.http..",
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
    void thePackagesOfCoreHaveNoCycles() {
        slices().matching("io.memos4j.core.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void noFeatureDependsOnTheRootPackageExceptForItsConfiguration() {
        noClasses()
                .that()
                .resideInAPackage("io.memos4j.core.*..")
                .should()
                .dependOnClassesThat(new DescribedPredicate<>("wire the engine") {
                    @Override
                    public boolean test(JavaClass type) {
                        return type.getPackageName().equals("io.memos4j.core")
                                && !CONFIGURATION.contains(type.getName().replaceAll("\\$.*", ""));
                    }
                })
                .check(CLASSES);
    }

    @Test
    void nothingBelowCubesAndTheirWiringDependsOnThem() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.memos4j.core", "io.memos4j.core.cube..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.memos4j.core.cube..")
                .check(CLASSES);
    }

    @Test
    void vaultAndIndexHideEverythingBehindOneProvider() {
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
