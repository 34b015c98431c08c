package io.memos4j.core.extraction;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.clock.ZoneResolver;
import io.memos4j.core.language.LanguagePack;
import io.memos4j.core.language.LanguageRules;
import io.memos4j.core.language.StandingMemory;
import java.lang.Character.UnicodeScript;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * A window as shown to the model: known memories, then messages, numbered together from 1, so that each number is
 * unique.
 *
 * @param text the user part of the prompt
 * @param language the language of most of the messages
 * @param messages the messages by number
 * @param known the known memories by number; those that did not fit are left out
 */
record WindowPrompt(
        String text, LanguagePack language, Map<Integer, MemoryItem> messages, Map<Integer, MemoryItem> known) {
    /** The fewest UTF-16 units that a text keeps; fewer would say nothing. */
    private static final int LEAST = 120;

    /** An upper bound for the delimiters of one item, without its label and date. */
    private static final int FRAME = 48;

    static WindowPrompt of(MessageWindow window, int inputChars) {
        return new Layout(window, inputChars).text();
    }

    /** The layout of one prompt. */
    private static final class Layout {
        private final MessageWindow window;
        private final LanguagePack language;
        private final DateTimeFormatter dates;
        private final List<Entry> messages = new ArrayList<>();
        private final List<Entry> known = new ArrayList<>();
        private final int inputChars;

        Layout(MessageWindow window, int inputChars) {
            this.window = window;
            this.inputChars = inputChars;
            this.language = languageOf(window.messages());
            this.dates = DateTimeFormatter.ofPattern("uuuu-MM-dd EEEE HH:mm", language.locale());
            window.messages().forEach(item -> messages.add(message(item)));
            window.known().forEach(item -> known.add(memory(item)));
        }

        private Entry message(MemoryItem item) {
            String speaker = PromptDelimiters.label(item.origin().speaker());
            String role = item.origin().role().id();
            return entry(item, date(item) + " | " + role + (speaker.isEmpty() ? "" : " | " + speaker));
        }

        private Entry memory(MemoryItem item) {
            String locked = item.state() == ItemState.FROZEN ? " | locked" : "";
            return entry(item, StandingMemory.typeOf(item).id() + " | " + date(item) + locked);
        }

        private static Entry entry(MemoryItem item, String label) {
            return new Entry(item, label, PromptDelimiters.strip(item.text()).strip());
        }

        private String date(MemoryItem item) {
            return dates.format(ZoneResolver.timeOf(item, window.zone()));
        }

        WindowPrompt text() {
            int longest = longest();
            StringBuilder text = new StringBuilder(inputChars + FRAME);
            Map<Integer, MemoryItem> knownNumbers = new LinkedHashMap<>();
            Map<Integer, MemoryItem> messageNumbers = new LinkedHashMap<>();
            heading(text, "known-memories");
            if (known.isEmpty()) {
                text.append(language.phrase("none")).append("\n\n");
            }
            int number = 1;
            for (Entry entry : known) {
                entry.append(text, "known", number, longest);
                knownNumbers.put(number++, entry.item);
            }
            heading(text, "messages");
            for (Entry entry : messages) {
                entry.append(text, "message", number, longest);
                messageNumbers.put(number++, entry.item);
            }
            return new WindowPrompt(text.toString(), language, messageNumbers, knownNumbers);
        }

        private void heading(StringBuilder text, String phrase) {
            text.append("# ").append(language.phrase(phrase)).append("\n\n");
        }

        /**
         * Returns the length to which texts are truncated. Leaves out known memories, the last ones first, if messages
         * would become meaningless.
         */
        private int longest() {
            while (true) {
                int remaining = remainingChars();
                if (fits(LEAST, remaining) || known.isEmpty()) {
                    return widest(remaining);
                }
                known.removeLast();
            }
        }

        private int remainingChars() {
            int remaining = inputChars - FRAME;
            for (List<Entry> entries : List.of(known, messages)) {
                for (Entry entry : entries) {
                    remaining -= FRAME + entry.label.length();
                }
            }
            return remaining;
        }

        private int widest(int remaining) {
            if (!fits(LEAST, remaining)) {
                throw new MemoryException(
                        ErrorCode.TOO_LARGE,
                        "The window has " + messages.size() + " messages, too many to read within " + inputChars
                                + " characters. Split the window, or raise inputChars.");
            }
            int low = LEAST;
            int high = Math.max(LEAST, remaining);
            while (low < high) {
                int middle = high - (high - low) / 2;
                if (fits(middle, remaining)) {
                    low = middle;
                } else {
                    high = middle - 1;
                }
            }
            return low;
        }

        private boolean fits(int longest, int remaining) {
            long sum = 0;
            for (List<Entry> entries : List.of(known, messages)) {
                for (Entry entry : entries) {
                    sum += Math.min(entry.text.length(), longest);
                }
            }
            return sum <= remaining;
        }
    }

    /** The language of most of the text, told by its script; the fallback language if no script tells. */
    static LanguagePack languageOf(List<MemoryItem> messages) {
        long letters = messages.stream()
                .mapToLong(message -> count(message, Character::isLetter))
                .sum();
        for (LanguagePack pack : LanguageRules.packs()) {
            long own = pack.script()
                    .map(script -> messages.stream()
                            .mapToLong(message -> count(message, c -> UnicodeScript.of(c) == script))
                            .sum())
                    .orElse(0L);
            // A Chinese character says as much as half an English word, so a third of the letters is most of the text.
            if (own * 3 > letters) {
                return pack;
            }
        }
        return LanguageRules.fallback();
    }

    private static long count(MemoryItem message, IntPredicate characters) {
        return message.text().codePoints().filter(characters).count();
    }

    /** One item of the prompt. */
    private record Entry(MemoryItem item, String label, String text) {
        void append(StringBuilder target, String kind, int number, int longest) {
            target.append(PromptDelimiters.OPEN)
                    .append(kind)
                    .append(' ')
                    .append(number)
                    .append(" | ")
                    .append(label);
            target.append(PromptDelimiters.CLOSE)
                    .append('\n')
                    .append(MiddleTruncation.truncate(text, longest))
                    .append('\n');
            target.append(PromptDelimiters.OPEN)
                    .append('/')
                    .append(kind)
                    .append(' ')
                    .append(number);
            target.append(PromptDelimiters.CLOSE).append("\n\n");
        }
    }
}
