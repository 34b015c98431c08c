package io.memos4j.cli;

import io.memos4j.cli.command.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class BackupTest {
    @TempDir
    private Path directory;

    private record Outcome(int status, String out, String err) {}

    private static Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(new PrintWriter(out), new PrintWriter(err), List.of(arguments));
        return new Outcome(status, out.toString(), err.toString());
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private void addSomething() {
        run("add", "Alice lives in Lyon.", "--no-embedder", "--data", path("data"));
    }

    @Test
    void aBackupIsRestoredIntoANewDirectory() {
        addSomething();
        Outcome written = run("backup", path("file"), "--data", path("data"));
        assertThat(written.out()).contains("KiB to " + path("file"));
        assertThat(run("restore", path("file"), "--data", path("new")).status()).isZero();
        assertThat(run("search", "Lyon", "--no-embedder", "--data", path("new")).out())
                .contains("Alice lives in Lyon.");
        assertThat(run("doctor", "--no-embedder", "--data", path("new")).status())
                .isZero();
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        addSomething();
        run("backup", path("file"), "--data", path("data"));
        Outcome again = run("backup", path("file"), "--data", path("data"));
        assertThat(again.status()).isEqualTo(ExitCode.USAGE);
        assertThat(again.err()).contains("already");
        assertThat(run("restore", path("file"), "--data", path("data")).err()).contains("is not empty");
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve("letter.txt"), "precious");
        assertThat(run("restore", path("file"), "--data", path("other")).err()).contains("letter.txt");
        assertThat(other).isDirectoryNotContaining("glob:**memos*");
    }

    @Test
    void whatIsNoBackupIsRefusedAndTheDirectoryCanBeUsedForAnother() throws IOException {
        addSomething();
        run("backup", path("file"), "--data", path("data"));
        Files.writeString(directory.resolve("wrong"), "no backup at all");
        Outcome refused = run("restore", path("wrong"), "--data", path("new"));
        assertThat(refused.status()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.err()).contains("[corrupt]");
        assertThat(run("restore", path("missing"), "--data", path("new")).err()).contains("There is no file");
        assertThat(run("restore", path("file"), "--data", path("new")).status()).isZero();
    }

    @Test
    void aDirectoryThatIsNotThereIsNotMade() {
        assertThat(run("backup", path("file"), "--data", path("nowhere")).err()).contains("no data directory");
        assertThat(directory).isEmptyDirectory();
    }
}
