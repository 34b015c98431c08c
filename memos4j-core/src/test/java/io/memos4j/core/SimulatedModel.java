package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.spi.models.LanguageModel;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A model that mostly answers usefully, and sometimes fails, babbles or cites messages that do not exist. */
final class SimulatedModel implements LanguageModel {
    private static final Pattern MESSAGE = Pattern.compile("⟦message (\\d+)[^⟧]*⟧\\n([^⟦]*)");

    private final RandomGenerator random;
    private boolean healthy;

    SimulatedModel(RandomGenerator random) {
        this.random = random;
    }

    void heal() {
        healthy = true;
    }

    @Override
    public String id() {
        return "simulated";
    }

    @Override
    public Completion complete(Prompt prompt) {
        int fate = healthy ? 9 : random.nextInt(10);
        if (fate > 1 && prompt.schema().contains("verdict")) {
            return new Completion("{\"decisions\": []}", 5, 5, false);
        }
        Matcher message = MESSAGE.matcher(prompt.user());
        if (fate == 0) {
            throw new MemoryException(ErrorCode.MODEL_FAILED, "429");
        }
        if (fate == 1 || !message.find()) {
            return new Completion("I would rather not.", 5, 5, false);
        }
        String number = fate == 2 ? "99" : message.group(1);
        String text = message.group(2).strip().replace("\"", "'").replace("\n", " ");
        String answer = """
                {"memories": [{"type": "event", "text": "%s", "sources": [%s], "confidence": 0.9, "occurred": null,
                  "valid_from": null, "valid_to": null, "implicit": false, "attribute": null, "supersedes": []}],
                 "updates": [], "retirements": []}""".formatted(text, number);
        return new Completion(answer, prompt.user().length() / 4, 40, false);
    }
}
