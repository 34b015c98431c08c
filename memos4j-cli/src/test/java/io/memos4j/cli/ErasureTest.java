package io.memos4j.cli;

import io.memos4j.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ErasureTest extends CommandLineFixture {
    @Test
    void aReceiptIsWrittenAndVerified() throws IOException {
        String id = run("add", "My PIN is 4711.").out().strip();
        Path receipt = directory.resolve("receipt.json");
        Outcome erased = run("delete", id, "--yes", "--receipt", receipt.toString());
        assertThat(erased.out()).contains("none of their words is left").contains("Not covered: Backups");
        assertThat(erased.status()).isEqualTo(ExitCode.OK);
        assertThat(Files.readString(receipt)).contains("\"signature\"").doesNotContain("4711");
        assertThat(run("delete", id, "--yes", "--receipt", receipt.toString()).status())
                .isNotEqualTo(ExitCode.OK);
        Outcome verified = run("erasure", "verify", receipt.toString());
        assertThat(verified.out()).contains("proven");
        assertThat(verified.status()).isEqualTo(ExitCode.OK);

        run("add", "My PIN is 4711.");
        Outcome found = run("erasure", "verify", receipt.toString());
        assertThat(found.status()).isEqualTo(ExitCode.FAILED);
        assertThat(found.err()).contains("memos.db");

        Files.writeString(receipt, Files.readString(receipt).replace("\"item\"", "\"session\""));
        assertThat(run("erasure", "verify", receipt.toString()).out()).contains("not genuine");
        Files.writeString(receipt, "no receipt");
        assertThat(run("erasure", "verify", receipt.toString()).status()).isEqualTo(ExitCode.USAGE);
        assertThat(run("erasure", "verify", "nowhere.json").err()).contains("There is no file");
    }

    @Test
    void aPersonsWordsAreErased() throws IOException {
        Path chat = Files.writeString(
                directory.resolve("chat.jsonl"),
                "{\"role\":\"user\",\"speaker\":\"Anna\",\"text\":\"I keep bees behind the house.\"}\n"
                        + "{\"role\":\"user\",\"speaker\":\"Ben\",\"text\":\"I keep nothing at all.\"}\n");
        run("import", chat.toString());
        assertThat(run("delete", "--person", "Anna", "--yes").out()).contains("Erased 1 items");
        assertThat(run("list").out()).contains("nothing at all").doesNotContain("bees");
    }
}
