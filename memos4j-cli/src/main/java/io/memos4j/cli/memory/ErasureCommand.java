package io.memos4j.cli.memory;

import io.memos4j.api.ErasureReceipt;
import io.memos4j.api.ErasureReceipt.Verification;
import io.memos4j.api.MemoryException;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.core.MemOs;
import io.memos4j.server.v1.ErasureJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;

/** Verifies receipts of erasures. */
@Command(
        name = "erasure",
        description = {
            "Verify the receipts that delete --receipt wrote.",
            "  erasure verify FILE     check the signatures, and search every byte of the directory for what was erased"
        })
public final class ErasureCommand extends EngineCommand {
    /** The work on a receipt. */
    enum ErasureAction {
        VERIFY
    }

    @Parameters(index = "0", paramLabel = "ACTION")
    private ErasureAction action;

    @Parameters(index = "1", paramLabel = "FILE")
    private Path file;

    @Option(names = "--json")
    private boolean json;

    @Override
    protected int run(MemOs memos) throws IOException {
        boolean proven = true;
        for (ErasureReceipt receipt : receipts()) {
            Verification found = memos.verifyErasure(receipt);
            proven &= found.isProven();
            if (json) {
                out().println(JsonOutput.of(ErasureJson.verification(found)));
            } else {
                out().println("Receipt " + receipt.id() + " of " + receipt.at() + ": " + describe(found));
                found.found().forEach(this::warn);
            }
        }
        return proven ? ExitCode.OK : ExitCode.FAILED;
    }

    private List<ErasureReceipt> receipts() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw MemoryException.invalid("There is no file " + file + ". Give one that delete --receipt wrote.");
        }
        List<ErasureReceipt> receipts = Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank())
                .map(this::parse)
                .toList();
        if (receipts.isEmpty()) {
            throw MemoryException.invalid("File " + file + " holds no receipt.");
        }
        return receipts;
    }

    private ErasureReceipt parse(String line) {
        try {
            return ErasureJson.parse(line.getBytes(StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            throw MemoryException.invalid(
                    "File " + file + " holds a line that is no receipt: " + e.getOriginalMessage());
        }
    }

    private static String describe(Verification found) {
        if (!found.signed()) {
            return "not genuine: it was changed since it was signed.";
        }
        if (!found.own()) {
            return "signed, but not by this directory, which therefore cannot look for what was erased.";
        }
        String read = found.files() + " files, " + found.bytes() + " bytes";
        return found.found().isEmpty()
                ? "proven, none of the erased words is in this directory (" + read + ")."
                : "erased words are in this directory (" + read + "); another memory may say the same.";
    }
}
