package io.memos4j.core.search;

import io.memos4j.core.prompt.PromptResource;
import io.memos4j.internal.Sha256Hash;
import io.memos4j.spi.models.LanguageModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A prompt that asks a language model to score texts.
 *
 * <p>The texts are untrusted and must not pass for instructions or for another text: each stands between lines with a
 * mark that occurs in none of them. The mark is a hash of all texts, so the same question makes the same prompt.
 *
 * @param query the question that the texts are scored by, truncated
 * @param texts the texts, numbered from 1, truncated
 */
record RerankPrompt(String query, List<String> texts) {
    /** The characters shown of a text; a passage of memory has about 480. */
    static final int LONGEST = 1200;

    private static final String SYSTEM = PromptResource.read(RerankPrompt.class, "rerank.txt");
    private static final String SCHEMA = """
            {"type":"object","properties":{"scores":{"type":"array","items":{"type":"object","properties":\
            {"n":{"type":"integer"},"score":{"type":"number"}},"required":["n","score"],\
            "additionalProperties":false}}},"required":["scores"],"additionalProperties":false}""";

    /** An entry of the answer takes about 12 tokens, twice that if it is spaced out. */
    private static final int TOKENS_EACH = 24;

    private static final int TOKENS_AROUND = 500;
    private static final int MARK_LENGTH = 8;

    RerankPrompt {
        query = cut(query);
        texts = texts.stream().map(RerankPrompt::cut).toList();
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + "…";
    }

    LanguageModel.Prompt within(Duration timeout) {
        int maxTokens = TOKENS_AROUND + TOKENS_EACH * texts.size();
        return new LanguageModel.Prompt(SYSTEM, userMessage(), SCHEMA, maxTokens, timeout);
    }

    private String userMessage() {
        String mark = mark();
        StringBuilder user = new StringBuilder("The mark is ")
                .append(mark)
                .append(". Texts: ")
                .append(texts.size());
        user.append(".\n\n").append(frame(mark, "query", query));
        for (int i = 0; i < texts.size(); i++) {
            user.append('\n').append(frame(mark, "text " + (i + 1), texts.get(i)));
        }
        return user.toString();
    }

    private static String frame(String mark, String what, String text) {
        return "<<" + mark + " " + what + ">>\n" + text + "\n<<" + mark + " end " + what + ">>\n";
    }

    private String mark() {
        List<String> all = new ArrayList<>(texts);
        all.add(query);
        String content = String.join("\n", all).toLowerCase(Locale.ROOT);
        return IntStream.iterate(0, salt -> salt + 1)
                .mapToObj(salt -> Sha256Hash.of(salt + "\n" + content).substring(0, MARK_LENGTH))
                .filter(mark -> !content.contains(mark))
                .findFirst()
                .orElseThrow();
    }
}
