package io.memos4j.runtime.http;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Role;
import io.memos4j.spi.ChatTurn;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tokenizes conversations with the chat template of a served model. Thread-safe.
 *
 * <p>The server renders the template around unguessable marks, and each text replaces its mark only after both are
 * tokens. So names of control tokens in a text cannot become such tokens. The text between two marks is split where a
 * turn ends, so that the tokens do not depend on the next turn, or on whether there is one: the tokens of a longer
 * conversation begin with those of its beginning.
 *
 * <p>Servers render conversations only up to an answer: they append the beginning of one, or treat a last answer as
 * unfinished, and not all can be told otherwise. So a conversation with another ending is rendered with further turns,
 * which are cut off. The end of a turn is found by comparing the text before a first question with the text between two
 * turns: the common part begins the question. Tabs around a mark tell whether the template strips texts: they are
 * missing then.
 */
final class ServerChatTemplate {
    private static final int SECRET_BYTES = 12;
    private static final int MOST_KNOWN = 1_000;
    private static final ChatTurn QUESTION = ChatTurn.user("");
    private static final ChatTurn ANSWER = ChatTurn.assistant("");

    /** Renders a conversation; fails with {@code INVALID_ARGUMENT} if the template does not accept it. */
    interface TemplateRenderer {
        String render(List<ChatTurn> turns, RuntimeCall call);
    }

    /** Tokenizes a text. */
    interface Tokenizer {
        int[] tokenize(String text, boolean start, boolean control, RuntimeCall call);
    }

    private final TemplateRenderer writer;
    private final Tokenizer tokenizer;
    private final String secret;
    private final Pattern marks;
    private final Map<Role, String> endings = new ConcurrentHashMap<>();
    private final Map<String, int[]> known = new ConcurrentHashMap<>();

    ServerChatTemplate(TemplateRenderer writer, Tokenizer tokenizer) {
        this.writer = writer;
        this.tokenizer = tokenizer;
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        this.secret = HexFormat.of().formatHex(random);
        this.marks = Pattern.compile("(\t?)m" + secret + "n(\\d+)x\t?");
    }

    /** Tokenizes a conversation. */
    int[] tokenize(List<ChatTurn> turns, boolean answerNext, RuntimeCall call) {
        boolean asks = answerNext && turns.getLast().role() != Role.ASSISTANT;
        List<String> written = renderPieces(asks ? turns : withContinuation(turns), call);
        List<int[]> tokens = new ArrayList<>();
        tokens.add(tokenizer.tokenize(written.getFirst(), true, true, call));
        for (int i = 0; i < turns.size(); i++) {
            ChatTurn turn = turns.get(i);
            boolean stripped = written.get(2 * i + 1).isEmpty();
            tokens.add(text(stripped ? turn.text().strip() : turn.text(), call));
            String ending = findTurnEnding(turn.role(), call);
            String between = written.get(2 * i + 2);
            int end = between.startsWith(ending) ? ending.length() : 0;
            tokens.add(template(between.substring(0, end), call));
            if (asks || i < turns.size() - 1) {
                tokens.add(template(between.substring(end), call));
            }
        }
        if (answerNext && !asks) {
            tokens.add(template(answerHeading(call), call));
        }
        return dropDuplicateStart(tokens.stream().flatMapToInt(IntStream::of).toArray(), call);
    }

    /** Appends turns, so that the last one is a question after an answer or after instructions. */
    private static List<ChatTurn> withContinuation(List<ChatTurn> turns) {
        Stream<ChatTurn> further = switch (turns.getLast().role()) {
            case SYSTEM, ASSISTANT -> Stream.of(QUESTION);
            case USER, TOOL, NONE -> Stream.of(ANSWER, QUESTION);
        };
        return Stream.concat(turns.stream(), further).toList();
    }

    private int[] text(String text, RuntimeCall call) {
        return text.isEmpty() ? new int[0] : tokenizer.tokenize(text, false, false, call);
    }

    private int[] template(String piece, RuntimeCall call) {
        if (piece.isEmpty()) {
            return new int[0];
        }
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        return known.computeIfAbsent(piece, text -> tokenizer.tokenize(text, false, true, call));
    }

    /** Drops the start token that the tokenizer adds if the template has written it too. */
    private int[] dropDuplicateStart(int[] tokens, RuntimeCall call) {
        boolean twice = tokens.length > 1
                && tokens[0] == tokens[1]
                && Arrays.equals(tokenizer.tokenize("", true, false, call), new int[] {tokens[0]});
        return twice ? Arrays.copyOfRange(tokens, 1, tokens.length) : tokens;
    }

    /** Finds the template's text after a message of a role up to the end of its turn; empty if that cannot be told. */
    private String findTurnEnding(Role role, RuntimeCall call) {
        String ending = endings.get(role);
        if (ending == null) {
            List<ChatTurn> turns = switch (role) {
                case SYSTEM -> List.of(ChatTurn.system(""), QUESTION);
                case ASSISTANT -> List.of(QUESTION, ANSWER, QUESTION);
                case USER, NONE -> List.of(QUESTION, QUESTION);
                case TOOL -> List.of(QUESTION, ANSWER, new ChatTurn(Role.TOOL, ""), QUESTION);
            };
            ending = findTurnEnding(turns, call);
            endings.put(role, ending);
        }
        return ending;
    }

    private String findTurnEnding(List<ChatTurn> turns, RuntimeCall call) {
        try {
            List<String> pieces = renderPieces(turns, call);
            String between = pieces.get(pieces.size() - 3);
            String first = renderPieces(List.of(QUESTION), call).getFirst();
            int common = 0;
            while (common < Math.min(first.length(), between.length())
                    && first.charAt(first.length() - 1 - common) == between.charAt(between.length() - 1 - common)) {
                common++;
            }
            return between.substring(0, between.length() - common);
        } catch (MemoryException e) {
            if (e.code() != ErrorCode.INVALID_ARGUMENT) {
                throw e;
            }
            // The template does not accept turns in this order.
            return "";
        }
    }

    private String answerHeading(RuntimeCall call) {
        String asked = renderPieces(List.of(QUESTION), call).getLast();
        String ending = findTurnEnding(Role.USER, call);
        return asked.startsWith(ending) ? asked.substring(ending.length()) : asked;
    }

    /**
     * Renders the template in pieces: the text before the first message, then for each turn the tab left of its mark,
     * and the text after it.
     */
    private List<String> renderPieces(List<ChatTurn> turns, RuntimeCall call) {
        List<ChatTurn> marked = IntStream.range(0, turns.size())
                .mapToObj(i -> new ChatTurn(turns.get(i).role(), "\tm" + secret + "n" + i + "x\t"))
                .toList();
        String text = writer.render(marked, call);
        List<String> pieces = new ArrayList<>();
        Matcher mark = marks.matcher(text);
        int end = 0;
        for (int i = 0; i < turns.size(); i++) {
            if (!mark.find() || !mark.group(2).equals(String.valueOf(i))) {
                throw unsupportedTurn(turns.get(i), i);
            }
            pieces.add(text.substring(end, mark.start()));
            pieces.add(mark.group(1));
            end = mark.end();
        }
        if (mark.find()) {
            throw unsupportedTurn(turns.getLast(), turns.size() - 1);
        }
        pieces.add(text.substring(end));
        return pieces;
    }

    private static MemoryException unsupportedTurn(ChatTurn turn, int number) {
        return MemoryException.invalid("The chat template of this model does not write turn " + (number + 1)
                + ", of the role " + turn.role().id() + ", once and in its place: it does not know this role,"
                + " or not there. Put the text into a user turn.");
    }
}
