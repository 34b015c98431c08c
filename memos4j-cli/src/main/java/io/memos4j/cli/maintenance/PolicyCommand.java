package io.memos4j.cli.maintenance;

import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.DurationFormat;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.server.v1.ApiJson;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows or changes the aging policy of a cube. */
@Command(
        name = "policy",
        description = "Show or change how memories age in a cube; settings that are not given stay as they are.")
public final class PolicyCommand extends CubeCommand {
    private static final String NONE = "none";

    @Option(names = "--half-life", paramLabel = "DURATION")
    private Optional<String> halfLife = Optional.empty();

    @Option(names = "--archive-below", paramLabel = "HEAT")
    private Optional<Double> archiveBelow = Optional.empty();

    @Option(names = "--capacity", paramLabel = "N")
    private Optional<String> capacity = Optional.empty();

    @Option(names = "--ttl", paramLabel = "DURATION")
    private Optional<String> timeToLive = Optional.empty();

    @Option(names = "--forget-after", paramLabel = "DURATION")
    private Optional<String> forgetAfter = Optional.empty();

    @Override
    protected int run(MemCube target) {
        RetentionPolicy former = target.policy();
        RetentionPolicy policy = changed(former);
        if (!policy.equals(former)) {
            target.policy(policy);
        }
        if (json()) {
            printJson(ApiJson.policy(policy));
        } else {
            print(policy);
        }
        return ExitCode.OK;
    }

    private RetentionPolicy changed(RetentionPolicy former) {
        RetentionPolicy policy =
                halfLife.map(DurationFormat::parse).map(former::halfLife).orElse(former);
        policy = archiveBelow.map(policy::archiveBelow).orElse(policy);
        policy = capacity.map(PolicyCommand::items).map(policy::capacity).orElse(policy);
        policy = forgetAfter.map(DurationFormat::parse).map(policy::forgetAfter).orElse(policy);
        if (timeToLive.isEmpty()) {
            return policy;
        }
        return timeToLive.get().equals(NONE)
                ? policy.withoutTimeToLive()
                : policy.timeToLive(DurationFormat.parse(timeToLive.get()));
    }

    private static long items(String text) {
        if (text.equals(NONE)) {
            return RetentionPolicy.UNLIMITED;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw MemoryException.invalid(
                    "'" + text + "' is not a number of items. Write, for example, 100000 or none.");
        }
    }

    private void print(RetentionPolicy policy) {
        TextOutput screen = screen();
        screen.line("half-life      " + DurationFormat.format(policy.halfLife()));
        screen.line("archive below  " + (policy.archiveBelow() == 0 ? "never" : "heat " + policy.archiveBelow()));
        screen.line("capacity       "
                + (policy.capacity() == RetentionPolicy.UNLIMITED ? "unlimited" : policy.capacity() + " items"));
        screen.line("time to live   "
                + policy.timeToLive().map(DurationFormat::format).orElse("unlimited"));
        screen.line("forget after   "
                + (policy.forgetAfter().isZero() ? "at once" : DurationFormat.format(policy.forgetAfter())));
    }
}
