package io.memos4j.cli.options;

import picocli.CommandLine.Option;

/** The option that prints the help of a command. */
public final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;
}
