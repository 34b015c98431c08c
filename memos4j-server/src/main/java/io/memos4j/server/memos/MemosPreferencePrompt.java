package io.memos4j.server.memos;

import io.memos4j.api.items.TrustLevel;
import io.memos4j.api.search.SearchHit;
import io.memos4j.core.prompt.DataBlock;
import io.memos4j.server.http.HttpExchange;
import java.util.List;
import java.util.Locale;

/**
 * Renders preferences for a prompt, with a note that tells the model how to apply them; in Chinese if the preferences
 * are.
 *
 * @param text the preferences by kind, then the note; empty if there are none
 * @param note the note; empty if there are no preferences
 */
record MemosPreferencePrompt(String text, String note) {
    /** Renders the preferences of the caller: those that the owner of a cube states, in cubes that the caller owns. */
    static MemosPreferencePrompt of(HttpExchange exchange, List<SearchHit> found) {
        List<SearchHit> hits = found.stream()
                .filter(hit -> hit.item().trust() == TrustLevel.OWNER
                        && exchange.isOwn(hit.item().cube()))
                .toList();
        if (hits.isEmpty()) {
            return new MemosPreferencePrompt("", "");
        }
        List<String> explicit = texts(exchange, hits, "explicit_preference");
        List<String> implicit = texts(exchange, hits, "implicit_preference");
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

    private static List<String> texts(HttpExchange exchange, List<SearchHit> hits, String type) {
        return hits.stream()
                .filter(hit -> MemosNodeJson.preferenceType(hit.item()).equals(type))
                .map(hit -> DataBlock.escape(exchange.forPrompts(hit.item()).text()))
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
