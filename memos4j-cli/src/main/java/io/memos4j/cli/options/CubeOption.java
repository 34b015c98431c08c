package io.memos4j.cli.options;

import picocli.CommandLine.Option;

/** The option that names the cube. */
public final class CubeOption {
    @Option(
            names = "--cube",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "The cube (default: ${DEFAULT-VALUE}).")
    private String name;

    public String name() {
        return name;
    }
}
