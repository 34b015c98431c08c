package io.memos4j.cli.command;

/** The exit codes of the command line. */
public final class ExitCode {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;

    /** The process could not serve any more and ended itself; see EX_SOFTWARE of sysexits.h. */
    public static final int STUCK = 70;

    /** The process was told to end, as the JVM exits after SIGTERM. */
    public static final int TERMINATED = 143;

    private ExitCode() {}
}
