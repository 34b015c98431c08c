package io.memos4j.core.extraction;

import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.prompt.PromptResource;
import java.util.List;

/** The prompts for extraction. Thread-safe. */
final class ExtractionPrompts {
    /** The most UTF-16 units of a former answer that a repair prompt repeats. */
    static final int SHOWN_ANSWER = 6_000;

    /** The most errors that a repair prompt lists; the others follow from them, or show up after the repair. */
    static final int SHOWN_ERRORS = 20;

    private static final String EXTRACT = "extract.txt";
    private static final String REPAIR = PromptResource.read(ExtractionPrompts.class, "repair.txt");

    /** The JSON schema of an answer. It uses only keywords that providers can enforce. */
    static final String SCHEMA = PromptResource.read(ExtractionPrompts.class, "schema.json");

    private final int proposals;

    ExtractionPrompts(int proposals) {
        this.proposals = proposals;
    }

    /** The instructions for a language: constant, so that provider caches hit. */
    String systemPrompt(LanguagePack language) {
        return text(language, EXTRACT).replace("{{proposals}}", Integer.toString(proposals));
    }

    /** The identity of the instructions for extraction in a language, as they are in this build. */
    static String identity(LanguagePack language) {
        return identity("extract", language, EXTRACT, FactExtractor.PROMPT_VERSION);
    }

    /** The identity of instructions: name and language, version, and a short hash. */
    static String identity(String name, LanguagePack language, String file, String version) {
        String code = language.read(file).isPresent()
                ? language.code()
                : LanguageRules.fallback().code();
        return name + "-" + code + " " + version + " "
                + String.format("%08x", text(language, file).hashCode());
    }

    /** A prompt in a language; in the fallback language if its pack has none. */
    static String text(LanguagePack language, String file) {
        return language.read(file)
                .or(() -> LanguageRules.fallback().read(file))
                .orElseThrow(() -> new IllegalStateException("No language pack has the prompt " + file + "."));
    }

    /** Repeats the input and adds the errors of the answer. The unchanged beginning lets provider caches hit. */
    static String repairPrompt(String input, String answer, List<String> errors) {
        List<String> shown = errors.stream()
                .limit(SHOWN_ERRORS)
                .map(error -> PromptDelimiters.strip(error).replace('\n', ' '))
                .toList();
        String data = MiddleTruncation.truncate(PromptDelimiters.strip(answer), SHOWN_ANSWER);
        // Filled from the last placeholder to the first, so that no inserted text is searched for placeholders.
        return fillTemplate(
                fillTemplate(fillTemplate(REPAIR, "{{answer}}", data), "{{errors}}", "- " + String.join("\n- ", shown)),
                "{{input}}",
                input);
    }

    private static String fillTemplate(String template, String place, String value) {
        int at = template.indexOf(place);
        return template.substring(0, at) + value + template.substring(at + place.length());
    }
}
