package io.memos4j.server.memos;

import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.search.SearchHit;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Renders preferences for a prompt, with a note that tells the model how to apply them; in Chinese if the preferences
 * are.
 *
 * @param text the preferences by kind, then the note; empty if there are none
 * @param note the note; empty if there are no preferences
 */
record MemosPreferencePrompt(String text, String note) {
    /** @param forPrompts returns an item as a language model may see it */
    static MemosPreferencePrompt of(List<SearchHit> hits, UnaryOperator<MemoryItem> forPrompts) {
        if (hits.isEmpty()) {
            return new MemosPreferencePrompt("", "");
        }
        List<String> explicit = texts(hits, forPrompts, "explicit_preference");
        List<String> implicit = texts(hits, forPrompts, "implicit_preference");
        boolean chinese =
                hits.stream().anyMatch(hit -> hit.item().text().codePoints().anyMatch(MemosPreferencePrompt::isHan));
        String note = chinese ? chinese(explicit, implicit) : english(explicit, implicit);
        String text = list(chinese ? "显式偏好" : "Explicit Preference", explicit)
                + list(chinese ? "隐式偏好" : "Implicit Preference", implicit)
                + note;
        return new MemosPreferencePrompt(text, note);
    }

    private static boolean isHan(int codePoint) {
        return Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.HAN;
    }

    private static List<String> texts(List<SearchHit> hits, UnaryOperator<MemoryItem> forPrompts, String type) {
        return hits.stream()
                .filter(hit -> MemosNodeJson.preferenceType(hit.item()).equals(type))
                .map(hit -> forPrompts.apply(hit.item()).text())
                .toList();
    }

    private static String list(String title, List<String> texts) {
        if (texts.isEmpty()) {
            return "";
        }
        StringBuilder list = new StringBuilder(title).append(":\n");
        for (int i = 0; i < texts.size(); i++) {
            list.append(
                    String.format(Locale.ROOT, "%d. %s%n", i + 1, texts.get(i)).replace("\r\n", "\n"));
        }
        return list.toString();
    }

    private static String english(List<String> explicit, List<String> implicit) {
        String order = explicit.isEmpty()
                ? "implicit preference > history"
                : implicit.isEmpty()
                        ? "explicit preference > history"
                        : "explicit preference > implicit preference > history";
        return "Note: follow the user's preferences above when you answer. If they conflict, the order of priority is: "
                + order + ".";
    }

    private static String chinese(List<String> explicit, List<String> implicit) {
        String order = explicit.isEmpty() ? "隐式偏好 > 历史对话" : implicit.isEmpty() ? "显式偏好 > 历史对话" : "显式偏好 > 隐式偏好 > 历史对话";
        return "注意：回答时请遵循上述用户偏好。如有冲突，优先级为：" + order + "。";
    }
}
