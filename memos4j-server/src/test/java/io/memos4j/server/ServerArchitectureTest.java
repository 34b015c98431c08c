package io.memos4j.server;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.memos4j.api.CubeId;
import io.memos4j.core.MemOs;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** Tests the server's package structure and the single way to access a cube. */
class ServerArchitectureTest {
    private static final String HTTP = "io.memos4j.server.http..";

    private static final JavaClasses SERVER = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.memos4j.server");

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("io.memos4j.server.(*)..").should().beFreeOfCycles().check(SERVER);
    }

    @Test
    void theHttpPackageKnowsNoneOfTheOthers() {
        noClasses()
                .that()
                .resideInAPackage(HTTP)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.memos4j.server.v1..",
                        "io.memos4j.server.facade..",
                        "io.memos4j.server.memos..",
                        "io.memos4j.server.mem0..",
                        "io.memos4j.server.mcp..",
                        "io.memos4j.server.proxy..",
                        "io.memos4j.server.console..",
                        "io.memos4j.server.operations..")
                .check(SERVER);
    }

    @Test
    void cubesAreOnlyAccessedThroughThePermissionCheck() {
        noClasses()
                .that()
                .resideOutsideOfPackage(HTTP)
                .and()
                .haveSimpleNameNotStartingWith("OwnerAccess") // On standard input and output, the caller owns the data.
                .and()
                .haveSimpleNameNotStartingWith("McpStdioServer")
                .should()
                .callMethod(MemOs.class, "find", CubeId.class)
                .orShould()
                .callMethod(MemOs.class, "cube", String.class)
                .check(SERVER);
    }
}
