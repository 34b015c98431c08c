package io.memos4j.cli;

import picocli.CommandLine.Option;

/** Which cube a command works on. */
final class CubeOption {
    @Option(
            names = "--cube",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "The cube (default: ${DEFAULT-VALUE}).")
    private String name;

    String name() {
        return name;
    }
}
