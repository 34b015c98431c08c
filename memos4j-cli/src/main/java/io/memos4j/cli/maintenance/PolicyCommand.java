package io.memos4j.cli.maintenance;

import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.retention.RetentionPolicy;
import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.CubeOption;
import io.memos4j.cli.output.DurationFormat;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.core.MemOs;
import io.memos4j.server.v1.ApiJson;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows or changes how a cube lets its memories age. */
@Command(name = "policy", description = "Show or change how a cube lets its memories age; what is not given stays.")
public final class PolicyCommand extends EngineCommand {
    private static final String NONE = "none";

    @Mixin
    private CubeOption cube;

    @Option(
            names = "--half-life",
            paramLabel = "SPAN",
            description = "In which the heat of what is never used halves, for example 30d.")
    private Optional<String> halfLife = Optional.empty();

    @Option(
            names = "--archive-below",
            paramLabel = "HEAT",
            description = "Archive what is colder; 0 is never, 1 the heat of something new.")
    private Optional<Double> archiveBelow = Optional.empty();

    @Option(names = "--capacity", paramLabel = "N", description = "Archive the coldest beyond N items; or none.")
    private Optional<String> capacity = Optional.empty();

    @Option(
            names = "--ttl",
            paramLabel = "SPAN",
            description = "What is added from now on expires after this; or none.")
    private Optional<String> timeToLive = Optional.empty();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public int run(MemOs memos) {
        MemCube found = requireCube(memos, cube.name());
        RetentionPolicy former = found.policy();
        RetentionPolicy policy = changed(former);
        if (!policy.equals(former)) {
            found.policy(policy);
        }
        if (json) {
            out().println(JsonOutput.of(ApiJson.policy(policy)));
        } else {
            print(policy);
        }
        return 0;
    }

    private RetentionPolicy changed(RetentionPolicy former) {
        RetentionPolicy policy =
                halfLife.map(DurationFormat::parse).map(former::halfLife).orElse(former);
        policy = archiveBelow.map(policy::archiveBelow).orElse(policy);
        policy = capacity.map(PolicyCommand::items).map(policy::capacity).orElse(policy);
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
                    "'" + text + "' is not a number of items. Write for example 100000, or none.");
        }
    }

    private void print(RetentionPolicy policy) {
        TextOutput screen = new TextOutput(out());
        screen.line("half-life      " + DurationFormat.format(policy.halfLife()));
        screen.line("archive below  " + (policy.archiveBelow() == 0 ? "never" : "heat " + policy.archiveBelow()));
        screen.line("capacity       "
                + (policy.capacity() == RetentionPolicy.UNLIMITED ? "unlimited" : policy.capacity() + " items"));
        screen.line("time to live   "
                + policy.timeToLive().map(DurationFormat::format).orElse("for ever"));
    }
}
