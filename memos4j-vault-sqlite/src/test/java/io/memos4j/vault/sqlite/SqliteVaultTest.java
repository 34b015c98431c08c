package io.memos4j.vault.sqlite;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.Principal;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterEvaluation;
import io.memos4j.api.adapters.AdapterId;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.LoraShape;
import io.memos4j.api.adapters.LoraTarget;
import io.memos4j.api.adapters.TrainingRecord;
import io.memos4j.api.adapters.TrainingRecord.LossPoint;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.api.privacy.SensitivityLabel;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import io.memos4j.testkit.SampleItems;
import io.memos4j.testkit.vault.VaultContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

class SqliteVaultTest extends VaultContract {
    @Override
    protected Vault open(Path folder) {
        return new SqliteVaultProvider().open(folder, Long.MAX_VALUE);
    }

    @Test
    void aVaultOfANewerReleaseIsRefused() throws Exception {
        vault.close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("memos.db"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertThatThrownBy(() -> open(directory))
                .hasMessageContaining("written by format 99, this build reads up to 13. Upgrade memos4j.");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void aVaultOfAnOlderFormatIsBroughtUpToDateAndKeepsItsCubes(int format) throws Exception {
        Path folder = Files.createDirectory(directory.resolve("format " + format));
        List<String> scripts = List.of(
                "V001__first.sql",
                "V002__succession.sql",
                "V003__scheduler.sql",
                "V004__governance.sql",
                "V005__holding.sql",
                "V006__activation.sql");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("memos.db"))) {
            SqlConnection sql = new SqlConnection(folder, connection);
            for (String script : scripts.subList(0, format)) {
                try (InputStream stream = Objects.requireNonNull(SchemaMigrations.class.getResourceAsStream(script))) {
                    sql.executeScript(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
            sql.execute("PRAGMA user_version = " + format);
            sql.execute("INSERT INTO cube (name, created_at, embedder, dimension) VALUES ('old', 1, '', 0)");
        }
        try (Vault old = open(folder)) {
            assertThat(old.<List<CubeRow>>read(VaultReader::cubes))
                    .extracting(CubeRow::id)
                    .containsExactly(CubeId.of("old"));
            Principal principal = new Principal("acme", false, SampleItems.EPOCH);
            old.write(writer -> {
                writer.access().create(principal);
                return true;
            });
            assertThat(old.<List<Principal>>read(reader -> reader.access().principals()))
                    .containsExactly(principal);
            assertThat(old.<List<Adapter>>read(reader -> reader.adapters().of(CubeKey.of(1))))
                    .isEmpty();
            LearningPolicy consent = LearningPolicy.DEFAULT.consent(true);
            old.write(writer -> {
                writer.adapters().policy(CubeKey.of(1), consent);
                return true;
            });
            assertThat(old.<LearningPolicy>read(reader -> reader.adapters().policy(CubeKey.of(1))))
                    .isEqualTo(consent);
            assertThat(old.verify()).isEmpty();
        }
    }

    @Test
    void versionsOfFormerReleasesAreLabeledOnce() throws Exception {
        CubeRow cube = vault.write(writer -> writer.createCube(CubeId.of("old"), "", 0, SampleItems.EPOCH));
        vault.write(writer -> {
            writer.insert(cube.key(), List.of(SampleItems.stored(SampleItems.message(1, "The door code is 4711"))));
            return true;
        });
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("memos.db"));
                var statement = connection.createStatement()) {
            statement.execute("UPDATE item_version SET sensitivity = NULL, labeled = NULL");
        }
        SensitivityLabel label = new SensitivityLabel(Sensitivity.INTERNAL, Sensitivity.SECRET);

        assertThat(vault.<SensitivityLabel>read(reader -> reader.items(cube.key(), List.of(SampleItems.id(1)))
                        .getFirst()
                        .label()))
                .isEqualTo(SensitivityLabel.INTERNAL);
        assertThat(vault.<Integer>write(writer -> writer.screen(10, item -> label)))
                .isEqualTo(1);
        assertThat(vault.<Integer>write(writer -> writer.screen(10, item -> label)))
                .isZero();
        assertThat(vault.<SensitivityLabel>read(reader -> reader.items(cube.key(), List.of(SampleItems.id(1)))
                        .getFirst()
                        .label()))
                .isEqualTo(label);
        assertThat(vault.<Long>read(
                        reader -> reader.requireCube(CubeId.of("old")).seq()))
                .isEqualTo(2);
    }

    @Test
    void anEntryOfTheAuditCanBeNeitherChangedNorRemoved() throws Exception {
        vault.write(writer ->
                writer.audit().record(new AuditEntry(0, SampleItems.EPOCH, "acme", "", "GET", "", "", 200, "")));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("memos.db"));
                var statement = connection.createStatement()) {
            for (String change : List.of("UPDATE audit SET outcome = 404", "DELETE FROM audit")) {
                assertThatThrownBy(() -> statement.execute(change)).hasMessageContaining("only added to");
            }
        }
    }

    /** Reads an adapter as format 7 stored it; stored member names are independent of those in the API. */
    @Test
    void anAdapterOfFormat7IsRead() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("memos.db"));
                var statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO adapter VALUES (1, 'lesson', 2, 'admitted', 'passed', 'llama', 't', 's', " + """
                    '{"rank":8,"alpha":16.0,"targets":["QUERY","VALUE"]}',
                    '{"trainer":"pytorch","baseHash":"b","dataHash":"d","seed":3,"steps":2,"finalLoss":0.5,
                      "curve":[{"step":1,"loss":"NaN"},{"step":2,"loss":0.5}],"tokens":40,"duration":"PT2.5S"}',
                    '{"questions":3,"recalled":2,"recalledByBase":0,"likelihood":-0.5,"likelihoodOfBase":-9.5,
                      "divergence":0.1,"worstDivergence":0.2,"canaries":1,"leaks":0,"bytes":528,"reasons":["why"],
                      "at":"2025-03-01T00:00:00.5Z"}', 'a', 528, 0, 1)""");
            statement.execute("INSERT INTO adapter_source VALUES (1, 'lesson', 2, 0, "
                    + "x'01900000000070008000000000000007', 4)");
        }
        assertThat(vault.<List<Adapter>>read(reader -> reader.adapters().of(CubeKey.of(1))))
                .containsExactly(new Adapter(
                        new AdapterId("lesson", 2),
                        AdapterState.ADMITTED,
                        "passed",
                        new Adapter.Base("llama", "t", "s"),
                        new LoraShape(8, 16, Set.of(LoraTarget.QUERY, LoraTarget.VALUE)),
                        List.of(new Adapter.Source(SampleItems.id(7), 4)),
                        new TrainingRecord(
                                "pytorch",
                                "b",
                                "d",
                                3,
                                2,
                                0.5,
                                List.of(new LossPoint(1, Double.NaN), new LossPoint(2, 0.5)),
                                40,
                                Duration.ofMillis(2_500)),
                        Optional.of(new AdapterEvaluation(
                                3,
                                2,
                                0,
                                -0.5,
                                -9.5,
                                0.1,
                                0.2,
                                1,
                                0,
                                528,
                                List.of("why"),
                                SampleItems.EPOCH.plusMillis(500))),
                        Optional.of(new Adapter.Artifact("a", 528)),
                        Instant.EPOCH,
                        Instant.ofEpochMilli(1)));
        assertThat(vault.verify())
                .singleElement(STRING)
                .contains("has 1 adapters in use that were taught erased items. Restore it from a backup.");
    }

    @Test
    void aFileThatIsNoDatabaseIsReportedAsDamaged() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("damaged"));
        Files.writeString(folder.resolve("memos.db"), "this is not a database ".repeat(1_000));
        refused(ErrorCode.CORRUPT, () -> open(folder));
    }

    @Test
    void aFullDiskRefusesTheWriteAndLosesNothing() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("full"));
        int stored = 0;
        try (Vault small = new SqliteVaultProvider().open(folder, 640_000)) {
            CubeRow cube = small.write(writer -> writer.createCube(SampleItems.CUBE, "", 0, SampleItems.EPOCH));
            MemoryException refusal = null;
            while (refusal == null) {
                int number = stored;
                try {
                    small.write(writer -> {
                        writer.insert(
                                cube.key(),
                                List.of(SampleItems.stored(SampleItems.message(number, number + " ".repeat(5_000)))));
                        return true;
                    });
                    stored++;
                } catch (MemoryException e) {
                    refusal = e;
                }
            }
            assertThat(refusal.code()).isEqualTo(ErrorCode.STORAGE_FULL);
            assertThat(small.read(reader ->
                                    reader.list(cube.key(), ListRequest.first().limit(1_000)))
                            .items())
                    .hasSize(stored);
        }
        try (Vault larger = open(folder)) {
            CubeRow cube =
                    larger.read(reader -> reader.findCube(SampleItems.CUBE)).orElseThrow();
            assertThat(larger.verify()).isEmpty();
            larger.write(writer -> {
                writer.insert(
                        cube.key(), List.of(SampleItems.stored(SampleItems.message(9_999, "there is room again"))));
                return true;
            });
            assertThat(larger.read(reader ->
                                    reader.list(cube.key(), ListRequest.first().limit(1_000)))
                            .items())
                    .hasSize(stored + 1);
        }
    }

    @Test
    void noByteOfAnErasedTextIsLeftAfterCompaction() throws IOException {
        CubeRow cube = vault.write(writer -> writer.createCube(CubeId.of("erase"), "", 0, SampleItems.EPOCH));
        String secret = "Schnabeltier-" + 4711;
        for (int i = 0; i < 50; i++) {
            int number = i;
            vault.write(writer -> {
                writer.insert(
                        cube.key(),
                        List.of(SampleItems.stored(
                                SampleItems.message(number, number % 5 == 0 ? secret + number : "other"))));
                return true;
            });
        }
        assertThat(filesWith(secret)).isPositive();
        vault.write(writer -> {
            writer.erase(
                    cube.key(),
                    Stream.iterate(0, i -> i < 50, i -> i + 5)
                            .map(SampleItems::id)
                            .toList(),
                    SampleItems.time(60));
            return true;
        });
        vault.compact();
        assertThat(filesWith(secret)).isZero();
        vault.close();
        assertThat(filesWith(secret)).isZero();
    }

    private long filesWith(String text) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> {
                        try {
                            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .count();
        }
    }
}
