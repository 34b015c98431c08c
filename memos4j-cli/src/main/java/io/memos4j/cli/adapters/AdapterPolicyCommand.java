package io.memos4j.cli.adapters;

import io.memos4j.api.MemCube;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.adapters.LearningPolicy;
import io.memos4j.api.adapters.ParametricMemory;
import io.memos4j.cli.output.DurationFormat;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.server.v1.AdapterJson;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows or changes which memories of a cube may be taught. */
@Command(
        name = "policy",
        description = {
            "Show or change which memories may be taught; what is not given stays.",
            "Secrets, personal numbers and what is tagged private or sensitive never are."
        })
final class AdapterPolicyCommand extends AdapterCommand {
    /** Whether something is wanted. */
    enum Wish {
        YES,
        NO;

        boolean yes() {
            return this == YES;
        }
    }

    @Option(
            names = "--consent",
            paramLabel = "YES|NO",
            description =
                    "Whether the owner agrees that memories are taught. No takes all adapters out of use at once.")
    private Optional<Wish> consent = Optional.empty();

    @Option(
            names = "--automatic",
            paramLabel = "YES|NO",
            description = "Whether it happens by itself, when memories are hot and stable enough.")
    private Optional<Wish> automatic = Optional.empty();

    @Option(
            names = "--heat",
            paramLabel = "N",
            description = "How often a memory must lately have been used; 0 takes all.")
    private Optional<Double> heat = Optional.empty();

    @Option(
            names = "--stable",
            paramLabel = "SPAN",
            description = "For how long it must not have changed, for example 7d.")
    private Optional<String> stable = Optional.empty();

    @Override
    int run(MemCube named) {
        ParametricMemory memory = named.adapters();
        LearningPolicy former = memory.policy();
        LearningPolicy policy = changed(former);
        long usable = usable(memory);
        if (!policy.equals(former)) {
            memory.policy(policy);
        }
        if (json()) {
            out().println(JsonOutput.of(AdapterJson.policy(policy)));
        } else {
            print(policy);
            if (!policy.consent() && usable > 0) {
                out().println("Retired " + usable + " adapters.");
            }
        }
        return 0;
    }

    private LearningPolicy changed(LearningPolicy former) {
        LearningPolicy policy = consent.map(wish -> former.consent(wish.yes())).orElse(former);
        policy = automatic.map(Wish::yes).map(policy::automatic).orElse(policy);
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
        TextOutput screen = new TextOutput(out());
        screen.line("consent        " + (policy.consent() ? "yes" : "no: nothing is taught"));
        screen.line("automatic      " + (policy.automatic() ? "yes" : "no: only when asked for"));
        screen.line("heat           " + policy.heat());
        screen.line("stable         " + (policy.stable().isZero() ? "0s" : DurationFormat.format(policy.stable())));
    }
}
