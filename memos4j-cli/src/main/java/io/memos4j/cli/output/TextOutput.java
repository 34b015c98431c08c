package io.memos4j.cli.output;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prints text for people: wrapped to the width of the terminal, with color only on a terminal. */
public final class TextOutput {
    private static final Pattern WORDS = Pattern.compile("\\S+\\s*");
    private static final boolean COLORS = TerminalDetection.out() && System.getenv("NO_COLOR") == null;
    private static final int FIRST = 60;
    private static final int WIDTH = width();

    private final PrintWriter out;

    public TextOutput(PrintWriter out) {
        this.out = out;
    }

    private static int width() {
        String columns = System.getenv("COLUMNS");
        return columns != null && columns.matches("\\d{2,4}") ? Integer.parseInt(columns) : 100;
    }

    public static String bold(String text) {
        return COLORS ? "\033[1m" + text + "\033[0m" : text;
    }

    public static String dim(String text) {
        return COLORS ? "\033[2m" + text + "\033[0m" : text;
    }

    /** Returns the first line of a text, cut to {@value #FIRST} characters. */
    public static String firstLine(String text) {
        return cut(text.strip().lines().findFirst().orElse(""), FIRST);
    }

    /** Cuts a line after so many characters. */
    static String cut(String line, int most) {
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most)) + " …";
    }

    public void line(String text) {
        out.println(printable(text));
    }

    public void format(String format, Object... values) {
        line(String.format(Locale.ROOT, format, values));
    }

    /** Prints text indented and wrapped at words. */
    public void wrapped(String text, String indent) {
        wrapped(text, indent, indent);
    }

    /** Prints text wrapped at words; wrapped lines continue with the hanging indent. */
    public void wrapped(String text, String first, String hanging) {
        for (String paragraph : text.strip().lines().toList()) {
            String indent = first;
            StringBuilder line = new StringBuilder(indent);
            Matcher words = WORDS.matcher(paragraph);
            while (words.find()) {
                if (line.length() > indent.length()
                        && line.length() + words.group().strip().length() > WIDTH) {
                    line(line.toString().stripTrailing());
                    indent = hanging;
                    line = new StringBuilder(indent);
                }
                line.append(words.group());
            }
            line(line.toString().stripTrailing());
        }
    }

    /** Replaces control characters, so that stored text cannot control the terminal; color codes pass. */
    public static String printable(String text) {
        return text.replaceAll("\033(?!\\[[0-9;]*m)|[\\p{Cntrl}&&[^\\n\\t\033]]", "\uFFFD");
    }
}
