package io.memos4j.core.ingest;

import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.core.language.MemoryCommand;
import io.memos4j.core.trust.InjectionScreen;
import io.memos4j.core.trust.TrustPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Withholds messages of a request that give a model orders only when they are read one after the other. */
final class SplitInjectionDetector {
    /** The messages of one speaker that are read together. */
    private static final int MESSAGES = 3;

    /** Longer messages are read alone. */
    private static final int LONGEST = 400;

    /** The first character of the scripts without blanks. */
    private static final char UNSPACED = '\u2e80';

    private final TrustPolicy trust;

    SplitInjectionDetector(TrustPolicy trust) {
        this.trust = trust;
    }

    /** The speaker of a message. */
    private record Voice(String session, String role, String speaker) {
        static Voice of(MemoryItem item) {
            return new Voice(
                    item.origin().session(),
                    item.origin().role().id(),
                    item.origin().speaker());
        }
    }

    List<ParsedInput> quarantine(List<ParsedInput> drafts) {
        List<ParsedInput> screened = new ArrayList<>(drafts);
        Map<Voice, Deque<Integer>> recent = new HashMap<>();
        for (int i = 0; i < drafts.size(); i++) {
            MemoryItem item = drafts.get(i).item().item();
            if (item.type() == ItemType.MESSAGE
                    && item.text().length() <= LONGEST
                    && !item.authorship().isSuspected()
                    && !trust.isLenient(item)) {
                Deque<Integer> said = recent.computeIfAbsent(Voice.of(item), voice -> new ArrayDeque<>());
                said.addLast(i);
                if (said.size() > MESSAGES) {
                    said.removeFirst();
                }
                quarantine(screened, List.copyOf(said));
            }
        }
        return screened;
    }

    private static void quarantine(List<ParsedInput> drafts, List<Integer> said) {
        if (said.size() < 2) {
            return;
        }
        StringBuilder text = new StringBuilder();
        said.forEach(at -> {
            boolean spaced = !text.isEmpty() && text.charAt(text.length() - 1) < UNSPACED;
            text.append(spaced ? " " : "").append(drafts.get(at).item().item().text());
        });
        InjectionScreen.findOrderIn(text.toString())
                .ifPresent(why -> said.forEach(at -> drafts.set(at, withheld(drafts.get(at), why))));
    }

    private static ParsedInput withheld(ParsedInput draft, String why) {
        MemoryItem item = TrustPolicy.quarantine(draft.item().item(), "in several messages: " + why);
        return new ParsedInput(
                draft.input(),
                draft.item().with(item, draft.item().cause()).withClaim(Optional.empty()),
                draft.timed(),
                MemoryCommand.NONE);
    }
}
