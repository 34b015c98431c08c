package io.memos4j.server.v1;

import io.memos4j.api.MemoryException;
import io.memos4j.api.privacy.LabelRule;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.server.http.JsonBody;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses and renders privacy policies. */
final class PrivacyJson {
    private PrivacyJson() {}

    static Map<String, Object> of(PrivacyPolicy policy) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (Sensitivity label : List.of(Sensitivity.PRIVATE, Sensitivity.SECRET)) {
            LabelRule rule = policy.rule(label);
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("action", rule.action().id());
            rule.expireAfter().ifPresent(time -> fields.put("expire_after", time.toString()));
            fields.put("in_prompts", rule.inPrompts());
            json.put(label.id(), fields);
        }
        return json;
    }

    /** The policy in the field {@code privacy}; what it does not name stays as it is. */
    static PrivacyPolicy policy(JsonBody body, PrivacyPolicy now) {
        Optional<JsonBody> given = body.node("privacy").map(node -> JsonBody.of(node, body.place("privacy")));
        if (given.isEmpty()) {
            return now;
        }
        PrivacyPolicy policy = new PrivacyPolicy(
                rule(given.get(), Sensitivity.PRIVATE, now.personal()),
                rule(given.get(), Sensitivity.SECRET, now.secret()));
        given.get().rejectUnknownFields();
        return policy;
    }

    private static LabelRule rule(JsonBody privacy, Sensitivity label, LabelRule now) {
        Optional<JsonBody> given = privacy.node(label.id()).map(node -> JsonBody.of(node, privacy.place(label.id())));
        if (given.isEmpty()) {
            return now;
        }
        JsonBody fields = given.get();
        LabelRule rule = new LabelRule(
                fields.optionalText("action").map(LabelRule.Action::parse).orElse(now.action()),
                fields.isSent("expire_after")
                        ? fields.optionalText("expire_after").map(text -> duration(fields, text))
                        : now.expireAfter(),
                fields.flag("in_prompts", now.inPrompts()));
        fields.rejectUnknownFields();
        return rule;
    }

    private static Duration duration(JsonBody fields, String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw MemoryException.invalid("Field '" + fields.place("expire_after")
                    + "' must be an ISO 8601 duration such as P30D or PT12H, it is '" + text + "'.");
        }
    }
}
