package io.memos4j.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ResourceBundle;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import static org.assertj.core.api.Assertions.assertThat;

/** Holds the help texts of {@code Help.properties} against the commands. */
class HelpTextTest {
    private final List<CommandSpec> commands = new ArrayList<>();

    HelpTextTest() {
        collect(new CommandLine(new Main()));
    }

    @Test
    void everyOptionAndParameterHasAHelpText() {
        List<String> silent = commands.stream()
                .flatMap(command -> command.args().stream()
                        .filter(arg -> String.join("", arg.description()).isBlank())
                        .map(arg -> command.qualifiedName() + " " + label(arg)))
                .toList();

        assertThat(silent).isEmpty();
    }

    @Test
    void everyHelpTextBelongsToAnOptionOrParameter() {
        Set<String> known = new HashSet<>();
        for (CommandSpec command : commands) {
            for (ArgSpec arg : command.args()) {
                known.add(label(arg));
                known.add(command.qualifiedName(".") + "." + label(arg));
            }
        }

        assertThat(ResourceBundle.getBundle("io.memos4j.cli.Help").keySet())
                .allSatisfy(key -> assertThat(known).contains(key.replaceFirst("\\.\\d+$", "")));
    }

    private static String label(ArgSpec arg) {
        return switch (arg) {
            case OptionSpec option -> option.longestName().replaceFirst("^-+", "");
            case PositionalParamSpec parameter -> parameter.paramLabel() + "[" + parameter.index() + "]";
            default -> throw new IllegalArgumentException("Neither an option nor a parameter: " + arg);
        };
    }

    private void collect(CommandLine command) {
        commands.add(command.getCommandSpec());
        new LinkedHashSet<>(command.getSubcommands().values()).forEach(this::collect);
    }
}
