package io.memos4j.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The command line over a fresh data directory, without an embedder. */
abstract class CommandLineFixture {
    static final JsonMapper MAPPER = new JsonMapper();

    /** Options of the JVM for the command line as a process of its own. */
    static final List<String> JVM_OPTIONS = List.of("--add-modules", "jdk.incubator.vector", "-Xmx512m");

    @TempDir
    Path directory;

    /** What a command printed, and its exit status. */
    record Outcome(int status, String out, String err) {}

    Path data() {
        return directory.resolve("data");
    }

    Outcome run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--data", data().toString(), "--no-embedder"));
        return runPlain(all.toArray(String[]::new));
    }

    /** Runs these arguments and no others. */
    static Outcome runPlain(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.run(new PrintWriter(out), new PrintWriter(err), List.of(arguments));
        return new Outcome(status, out.toString(), err.toString());
    }

    /** The one JSON value that a command prints, without a word on standard error. */
    JsonNode json(String... arguments) {
        Outcome outcome = run(arguments);
        assertThat(outcome.err()).isEmpty();
        return MAPPER.readTree(outcome.out());
    }
}
