package io.memos4j.cli.maintenance;

import io.memos4j.api.MemoryException;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.core.HealthReport;
import io.memos4j.core.HealthReport.Finding;
import io.memos4j.core.HealthReport.Level;
import io.memos4j.core.MemOs;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks the installation and the data directory. */
@Command(
        name = "doctor",
        description =
                "Check Java, the data directory, its vault and indexes and the embedder, and say how to fix problems.")
public final class DoctorCommand extends EngineCommand {
    @Option(names = "--json", description = "Print JSON, one object per line.")
    private boolean json;

    private final List<Finding> findings = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        java();
        if (!Files.isDirectory(data())) {
            findings.add(new Finding(
                    "data", Level.WARNING, "Directory " + data() + " does not exist yet; the first add creates it."));
            return print();
        }
        try {
            return super.call();
        } catch (MemoryException e) {
            findings.add(new Finding("data", Level.ERROR, e.getMessage()));
            return print();
        }
    }

    private void java() {
        findings.add(new Finding(
                "java",
                Level.OK,
                Runtime.version() + " of " + System.getProperty("java.vendor") + ", "
                        + (Runtime.getRuntime().maxMemory() >> 20) + " MiB maximum heap."));
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        findings.add(
                vectors
                        ? new Finding("simd", Level.OK, "Lucene uses SIMD.")
                        : new Finding(
                                "simd",
                                Level.WARNING,
                                "Lucene does not use SIMD. Add --add-modules jdk.incubator.vector to the JVM"
                                        + " options."));
    }

    @Override
    protected int run(MemOs memos) {
        findings.add(new Finding("data", Level.OK, data().toAbsolutePath().normalize() + " opens."));
        findings.addAll(memos.checkHealth().findings());
        return print();
    }

    private int print() {
        TextOutput screen = screen();
        for (Finding finding : findings) {
            if (json) {
                out().println(JsonOutput.of(
                        Map.of("area", finding.area(), "level", finding.level().name(), "message", finding.message())));
            } else {
                screen.format(
                        "%-8s %-16s %s",
                        finding.level() == Level.OK ? "ok" : finding.level().name(), finding.area(), finding.message());
            }
        }
        return new HealthReport(findings).isHealthy() ? ExitCode.OK : ExitCode.FAILED;
    }
}
