package io.memos4j.runtime.llamacpp;

import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Role;
import io.memos4j.spi.ChatTurn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

/**
 * Tokenizes conversations with a model's chat template. Lives on the thread of its {@link LlamaEngine}.
 *
 * <p>llama.cpp recognizes the usual templates by typical parts; it does not run a template's program. A model without a
 * template, or with an unknown one, gets ChatML if its vocabulary has the control tokens, and otherwise plain lines:
 * the speaker and a colon, the text, an empty line.
 *
 * <p>The template is rendered around marks, and each text replaces its mark only after both are tokens. So names of
 * control tokens in a text cannot become such tokens, and text boundaries do not depend on the texts. The text between
 * two marks is split where a turn ends, so that the tokens do not depend on the next turn, or on whether there is one:
 * the tokens of a longer conversation begin with those of its beginning. Tabs around a mark tell whether the template
 * strips texts: they are missing then.
 */
final class LlamaChatTemplate {
    private static final StructLayout TURN =
            MemoryLayout.structLayout(ADDRESS.withName("role"), ADDRESS.withName("content"));

    /**
     * The mark of a turn: its number between characters that no template writes, and tabs that tell whether it strips.
     */
    private static final String MARK = "\t\u0002%d\u0003\t";

    private static final Pattern MARKS = Pattern.compile("(\t?)\u0002(\\d+)\u0003\t?");

    private final LlamaBindings llama;
    private final LlamaVocabulary vocabulary;

    /** The template for llama.cpp; null for plain lines. */
    private final MemorySegment template;

    /** For each role, the template's text after the last message of a conversation. */
    private final Map<Role, String> endings = new EnumMap<>(Role.class);

    /** Creates the template of a model; {@code arena} outlives it. */
    LlamaChatTemplate(LlamaBindings llama, MemorySegment model, LlamaVocabulary vocabulary, Arena arena) {
        this.llama = llama;
        this.vocabulary = vocabulary;
        MemorySegment own =
                LlamaBindings.call(() -> (MemorySegment) llama.models.template.invokeExact(model, MemorySegment.NULL));
        if (!own.equals(MemorySegment.NULL) && isKnown(own)) {
            this.template = own;
        } else if (vocabulary.isControl("<|im_start|>") && vocabulary.isControl("<|im_end|>")) {
            this.template = arena.allocateFrom("chatml");
        } else {
            this.template = MemorySegment.NULL;
        }
        for (Role role : List.of(Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL)) {
            String alone = render(List.of(new ChatTurn(role, "")), false);
            Matcher mark = MARKS.matcher(alone);
            endings.put(role, mark.find() ? alone.substring(mark.end()) : "");
        }
    }

    private boolean isKnown(MemorySegment candidate) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment turns = allocateMarkedTurns(List.of(ChatTurn.user("")), arena);
            return render(new TemplateCall(candidate, turns, false), MemorySegment.NULL) >= 0;
        }
    }

    /** Tokenizes a conversation. */
    int[] tokenize(List<ChatTurn> turns, boolean answerNext) {
        String rendered = render(turns, answerNext);
        Matcher mark = MARKS.matcher(rendered);
        TokenSequenceBuilder tokens = new TokenSequenceBuilder(vocabulary);
        int written = 0;
        String ending = "";
        for (int i = 0; i < turns.size(); i++) {
            if (!mark.find() || Integer.parseInt(mark.group(2)) != i) {
                throw unsupportedTurn(turns.get(i), i);
            }
            addBetween(rendered.substring(written, mark.start()), ending, tokens);
            ChatTurn turn = turns.get(i);
            tokens.text(mark.group(1).isEmpty() ? turn.text().strip() : turn.text());
            ending = endings.getOrDefault(turn.role(), "");
            written = mark.end();
        }
        if (mark.find()) {
            throw unsupportedTurn(turns.getLast(), turns.size() - 1);
        }
        addBetween(rendered.substring(written), ending, tokens);
        return vocabulary.prependStart(tokens.toArray());
    }

    /** Adds the template's text between two messages, in two parts if it begins with the ending of a turn. */
    private static void addBetween(String written, String ending, TokenSequenceBuilder tokens) {
        int end = written.startsWith(ending) ? ending.length() : 0;
        tokens.template(written.substring(0, end));
        tokens.template(written.substring(end));
    }

    private static MemoryException unsupportedTurn(ChatTurn turn, int number) {
        return MemoryException.invalid(
                "The chat template of this model does not write turn " + (number + 1) + ", of the role "
                        + turn.role().id() + ", once and in its place: it does not know this role,"
                        + " or not there. Put the text into a user turn.");
    }

    private String render(List<ChatTurn> turns, boolean answerNext) {
        if (template.equals(MemorySegment.NULL)) {
            return plain(turns, answerNext);
        }
        try (Arena arena = Arena.ofConfined()) {
            TemplateCall call = new TemplateCall(template, allocateMarkedTurns(turns, arena), answerNext);
            int length = Math.max(render(call, MemorySegment.NULL), 0);
            MemorySegment text = arena.allocate(length + 1L);
            render(call, text);
            return new String(text.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
        }
    }

    private static String plain(List<ChatTurn> turns, boolean answerNext) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < turns.size(); i++) {
            text.append(heading(turns.get(i).role())).append(mark(i)).append("\n\n");
        }
        return answerNext ? text.append(heading(Role.ASSISTANT)).toString() : text.toString();
    }

    private static String heading(Role role) {
        return role.name().charAt(0) + role.id().substring(1) + ":\n";
    }

    private static String mark(int turn) {
        return String.format(MARK, turn);
    }

    /** Allocates the turns for llama.cpp, with marks instead of texts. */
    private static MemorySegment allocateMarkedTurns(List<ChatTurn> turns, Arena arena) {
        Map<Role, MemorySegment> roles = new EnumMap<>(Role.class);
        MemorySegment structs = arena.allocate(TURN, turns.size());
        for (int i = 0; i < turns.size(); i++) {
            MemorySegment struct = structs.asSlice(i * TURN.byteSize(), TURN);
            struct.set(ADDRESS, 0, roles.computeIfAbsent(turns.get(i).role(), role -> arena.allocateFrom(role.id())));
            struct.set(ADDRESS, ADDRESS.byteSize(), arena.allocateFrom(mark(i)));
        }
        return structs;
    }

    private record TemplateCall(MemorySegment template, MemorySegment turns, boolean answerNext) {}

    /** Renders a conversation; returns the length in bytes, negative if the template is not known. */
    private int render(TemplateCall call, MemorySegment text) {
        long count = call.turns.byteSize() / TURN.byteSize();
        int room = (int) text.byteSize();
        return LlamaBindings.call(() -> (int)
                llama.words.applyTemplate.invokeExact(call.template, call.turns, count, call.answerNext, text, room));
    }
}
