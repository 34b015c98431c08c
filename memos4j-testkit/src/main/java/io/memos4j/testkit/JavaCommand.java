package io.memos4j.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Command lines of child processes with the Java and the class path of this one. */
public final class JavaCommand {
    private JavaCommand() {}

    /**
     * Returns the command that runs a class.
     *
     * @param options options of the JVM; they come last, so a {@code -cp} among them replaces the class path
     */
    public static List<String> of(Class<?> main, List<String> options, Object... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath()));
        command.addAll(options);
        command.add(main.getName());
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        return command;
    }

    /** The class path of this process, also when Surefire has put it into the manifest of a jar. */
    public static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
