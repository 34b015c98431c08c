package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.output.DurationFormat;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.server.v1.AdapterJson;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows or changes which memories of a cube may be taught to a model. */
@Command(
        name = "policy",
        description = {
            "Show or change which memories may be taught; settings that are not given stay as they are.",
            "Secrets, personal numbers and memories tagged private or sensitive are never taught."
        })
final class AdapterPolicyCommand extends AdapterCommand {
    /** An answer to a yes-or-no option. */
    enum Answer {
        YES,
        NO;

        boolean isYes() {
            return this == YES;
        }
    }

    @Option(
            names = "--consent",
            paramLabel = "YES|NO",
            description = "The owner's consent to teaching memories. No deactivates all adapters at once.")
    private Optional<Answer> consent = Optional.empty();

    @Option(
            names = "--automatic",
            paramLabel = "YES|NO",
            description = "Train in the background when memories are hot and stable enough.")
    private Optional<Answer> automatic = Optional.empty();

    @Option(
            names = "--heat",
            paramLabel = "N",
            description = "Teach memories of at least this heat, roughly their recent uses; 0 takes all.")
    private Optional<Double> heat = Optional.empty();

    @Option(
            names = "--stable",
            paramLabel = "DURATION",
            description = "Teach memories that have not changed for this long, for example 7d.")
    private Optional<String> stable = Optional.empty();

    @Override
    protected int run(MemCube target) {
        ParametricMemory memory = target.adapters();
        LearningPolicy former = memory.policy();
        LearningPolicy policy = changed(former);
        long usable = usable(memory);
        if (!policy.equals(former)) {
            memory.policy(policy);
        }
        if (json()) {
            printJson(AdapterJson.policy(policy));
        } else {
            print(policy);
            if (!policy.consent() && usable > 0) {
                out().println("Retired " + usable + " adapters.");
            }
        }
        return ExitCode.OK;
    }

    private LearningPolicy changed(LearningPolicy former) {
        LearningPolicy policy =
                consent.map(answer -> former.consent(answer.isYes())).orElse(former);
        policy = automatic.map(Answer::isYes).map(policy::automatic).orElse(policy);
        policy = heat.map(policy::heat).orElse(policy);
        return stable.map(DurationFormat::parse).map(policy::stable).orElse(policy);
    }

    private static long usable(ParametricMemory memory) {
        return memory.list().stream()
                .map(Adapter::state)
                .filter(state -> state != AdapterState.RETIRED && state != AdapterState.SUSPENDED)
                .count();
    }

    private void print(LearningPolicy policy) {
        TextOutput screen = screen();
        screen.line("consent        " + (policy.consent() ? "yes" : "no: nothing is taught"));
        screen.line("automatic      " + (policy.automatic() ? "yes" : "no: only on request"));
        screen.line("heat           " + policy.heat());
        screen.line("stable         " + (policy.stable().isZero() ? "0s" : DurationFormat.format(policy.stable())));
    }
}
