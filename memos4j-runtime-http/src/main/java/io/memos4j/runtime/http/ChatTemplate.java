package io.memos4j.runtime.http;

import io.memos4j.api.MemoryException;
import io.memos4j.api.Role;
import io.memos4j.spi.ChatTurn;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Turns conversations into tokens with the template of a model that a server runs. For one conversation; not thread-safe.
 *
 * <p>The server writes the template around unguessable marks, and each text takes the place of its mark only when both are tokens. So names
 * of control tokens in a text cannot become such tokens. What follows a text is divided where its turn ends, so that the tokens do not
 * depend on what the next turn is, or whether there is one: a conversation that goes on begins with the tokens of its beginning.
 *
 * <p>Servers take a conversation that ends with an answer for one whose answer is to go on, and leave its ending out. So a question is
 * put behind it and cut off again. A template that strips texts is seen from the tabs around a mark: they are gone then.
 */
final class ChatTemplate {
    private static final int SECRET_BYTES = 12;
    private static final ChatTurn QUESTION = ChatTurn.user("");

    /** Writes a conversation as the template does; fails with {@code INVALID_ARGUMENT} if the template does not take it. */
    interface Writer {
        String write(List<ChatTurn> turns, boolean answerNext);
    }

    /** Makes tokens of a text. */
    interface Tokenizer {
        int[] tokenize(String text, boolean start, boolean control);
    }

    private final Writer writer;
    private final Tokenizer tokenizer;
    private final String secret;
    private final Pattern marks;
    private final Map<String, int[]> known = new HashMap<>();

    ChatTemplate(Writer writer, Tokenizer tokenizer) {
        this.writer = writer;
        this.tokenizer = tokenizer;
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        this.secret = HexFormat.of().formatHex(random);
        this.marks = Pattern.compile("(\t?)m" + secret + "n(\\d+)x\t?");
    }

    /** The tokens of a conversation. */
    int[] tokenize(List<ChatTurn> turns, boolean answerNext) {
        boolean answered = turns.getLast().role() == Role.ASSISTANT;
        List<String> written = written(answered ? plus(turns, QUESTION) : turns, !answered && answerNext);
        List<int[]> tokens = new ArrayList<>();
        tokens.add(tokenizer.tokenize(written.getFirst(), true, true));
        for (int i = 0; i < turns.size(); i++) {
            ChatTurn turn = turns.get(i);
            boolean stripped = written.get(2 * i + 1).isEmpty();
            tokens.add(tokenizer.tokenize(stripped ? turn.text().strip() : turn.text(), false, false));
            String ending = ending(turn.role());
            String between = written.get(2 * i + 2);
            int end = between.startsWith(ending) ? ending.length() : 0;
            tokens.add(template(between.substring(0, end)));
            if (i < turns.size() - 1 || !answered) {
                tokens.add(template(between.substring(end)));
            }
        }
        if (answered && answerNext) {
            tokens.add(template(answerHeading()));
        }
        return tokens.stream().flatMapToInt(IntStream::of).toArray();
    }

    private int[] template(String piece) {
        return piece.isEmpty() ? new int[0] : known.computeIfAbsent(piece, text -> tokenizer.tokenize(text, false, true));
    }

    /** What is written behind the text of a role where its turn ends; empty if that cannot be told. */
    private String ending(Role role) {
        try {
            return switch (role) {
                case ASSISTANT -> answerEnding();
                case SYSTEM, USER, TOOL, NONE -> written(List.of(new ChatTurn(role, "")), false).getLast();
            };
        } catch (MemoryException e) {
            // This role does not stand alone in this template.
            return "";
        }
    }

    /** What is between an answer and a question, without what stands before a first question. */
    private String answerEnding() {
        List<String> pieces = written(List.of(QUESTION, ChatTurn.assistant(""), QUESTION), false);
        String first = pieces.getFirst();
        String between = pieces.get(4);
        int common = 0;
        while (common < Math.min(first.length(), between.length())
                && first.charAt(first.length() - 1 - common) == between.charAt(between.length() - 1 - common)) {
            common++;
        }
        return between.substring(0, between.length() - common);
    }

    private String answerHeading() {
        String asked = written(List.of(QUESTION), true).getLast();
        String ending = ending(Role.USER);
        return asked.startsWith(ending) ? asked.substring(ending.length()) : asked;
    }

    /** What the template writes: before the first text, then for each turn the tab that is left of its mark, and what follows its text. */
    private List<String> written(List<ChatTurn> turns, boolean answerNext) {
        List<ChatTurn> marked = IntStream.range(0, turns.size())
                .mapToObj(i -> new ChatTurn(turns.get(i).role(), "\tm" + secret + "n" + i + "x\t"))
                .toList();
        String text = writer.write(marked, answerNext);
        List<String> pieces = new ArrayList<>();
        Matcher mark = marks.matcher(text);
        int end = 0;
        for (int i = 0; i < turns.size(); i++) {
            if (!mark.find() || !mark.group(2).equals(String.valueOf(i))) {
                throw untaken(turns.get(i), i);
            }
            pieces.add(text.substring(end, mark.start()));
            pieces.add(mark.group(1));
            end = mark.end();
        }
        if (mark.find()) {
            throw untaken(turns.getLast(), turns.size() - 1);
        }
        pieces.add(text.substring(end));
        return pieces;
    }

    private static MemoryException untaken(ChatTurn turn, int number) {
        return MemoryException.invalid("The chat template of this model does not write turn " + (number + 1)
                + ", of the role " + turn.role().id() + ", once and in its place: it knows no such role, or not there."
                + " Put the text into a turn of the user.");
    }

    private static List<ChatTurn> plus(List<ChatTurn> turns, ChatTurn last) {
        ChatTurn[] all = turns.toArray(new ChatTurn[turns.size() + 1]);
        all[turns.size()] = last;
        return Arrays.asList(all);
    }
}
