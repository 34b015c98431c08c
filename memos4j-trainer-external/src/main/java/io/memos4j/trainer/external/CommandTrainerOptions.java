package io.memos4j.trainer.external;

import io.memos4j.api.MemoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Command and limits of a training program.
 *
 * @param label describes the trainer, with its version; it is recorded
 * @param command the program and its arguments, without a shell. In each argument {@code {work}}, {@code {base}},
 *     {@code {output}} and {@code {data}} stand for absolute paths: the working folder, which has {@code request.json};
 *     the base; the folder to write the adapter into; the examples
 * @param environment names of the environment variables of this process that it gets, besides {@code PATH},
 *     {@code HOME}, {@code LANG} and {@code CUDA_VISIBLE_DEVICES}; none by default
 * @param timeLimit after which it is ended, with all that it has started; 12 hours by default
 * @param workParent the folder in which working folders are created; by default the system's folder for temporary files
 */
public record CommandTrainerOptions(
        String label, List<String> command, Set<String> environment, Duration timeLimit, Optional<Path> workParent) {
    static final Duration LONGEST = Duration.ofDays(30);

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    public CommandTrainerOptions {
        label = TrainerOptionChecks.label(label);
        command = List.copyOf(command);
        environment = Set.copyOf(environment);
        if (command.isEmpty() || command.getFirst().isBlank()) {
            throw MemoryException.invalid("A command needs a program, for example [python3, train.py, {work}].");
        }
        for (String argument : command) {
            if (argument.indexOf('\0') >= 0) {
                throw MemoryException.invalid("An argument of a command must not contain the character 0.");
            }
        }
        for (String name : environment) {
            if (!VARIABLE.matcher(name).matches()) {
                throw MemoryException.invalid("The name of a variable has letters, digits and underscores (was '"
                        + AdapterImporter.excerpt(name) + "'). Give names only; values come from this process.");
            }
        }
        TrainerOptionChecks.require("timeLimit", timeLimit, LONGEST);
    }

    /** Creates options with the defaults. */
    public static CommandTrainerOptions of(String label, List<String> command) {
        return new CommandTrainerOptions(label, command, Set.of(), Duration.ofHours(12), Optional.empty());
    }

    public CommandTrainerOptions environment(Set<String> newEnvironment) {
        return new CommandTrainerOptions(label, command, newEnvironment, timeLimit, workParent);
    }

    public CommandTrainerOptions timeLimit(Duration newTimeLimit) {
        return new CommandTrainerOptions(label, command, environment, newTimeLimit, workParent);
    }

    public CommandTrainerOptions workParent(Path newWorkParent) {
        return new CommandTrainerOptions(label, command, environment, timeLimit, Optional.of(newWorkParent));
    }
}
