package io.memos4j.vault.sqlite;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.privacy.LabelRule;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.api.privacy.SensitivityLabel;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.CubeRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Privacy policies as JSON, and the labels of versions. */
final class SqlitePrivacy {
    private SqlitePrivacy() {}

    private record Unscreened(CubeKey cube, MemoryItem version) {}

    static PrivacyPolicy policy(@Nullable String json) {
        if (json == null) {
            return PrivacyPolicy.DEFAULT;
        }
        Map<String, Object> rules = SqliteJson.object(json);
        return new PrivacyPolicy(
                rule(rules.get(Sensitivity.PRIVATE.id())).orElse(PrivacyPolicy.DEFAULT.personal()),
                rule(rules.get(Sensitivity.SECRET.id())).orElse(PrivacyPolicy.DEFAULT.secret()));
    }

    private static Optional<LabelRule> rule(@Nullable Object json) {
        return json instanceof Map<?, ?> rule
                ? Optional.of(new LabelRule(
                        LabelRule.Action.parse(String.valueOf(rule.get("action"))),
                        rule.get("expire_after_ms") instanceof Number time
                                ? Optional.of(Duration.ofMillis(time.longValue()))
                                : Optional.empty(),
                        Boolean.TRUE.equals(rule.get("in_prompts"))))
                : Optional.empty();
    }

    static String json(PrivacyPolicy policy) {
        Map<String, Object> rules = new LinkedHashMap<>();
        for (Sensitivity label : List.of(Sensitivity.PRIVATE, Sensitivity.SECRET)) {
            LabelRule rule = policy.rule(label);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("action", rule.action().id());
            rule.expireAfter().ifPresent(time -> json.put("expire_after_ms", time.toMillis()));
            json.put("in_prompts", rule.inPrompts());
            rules.put(label.id(), json);
        }
        return SqliteJson.of(rules);
    }

    /** The label of a version that no release with labels has read is that of everything. */
    static SensitivityLabel label(ResultSet row, int column) throws SQLException {
        String sensitivity = row.getString(column);
        return sensitivity == null
                ? SensitivityLabel.INTERNAL
                : new SensitivityLabel(
                        Sensitivity.parse(Objects.requireNonNull(row.getString(column + 1))),
                        Sensitivity.parse(sensitivity));
    }

    /** Labels versions that have no label yet; returns their number. */
    static int screen(SqliteWriter writer, int limit, Function<MemoryItem, SensitivityLabel> labels) {
        Map<CubeKey, CubeRow> cubes = new LinkedHashMap<>();
        writer.cubes().forEach(cube -> cubes.put(cube.key(), cube));
        List<Unscreened> versions = writer.sql.query(
                row -> {
                    CubeKey cube = RowMappers.cubeKey(row, RowMappers.ITEM_COLUMNS + 1);
                    return new Unscreened(
                            cube,
                            RowMappers.item(
                                    Objects.requireNonNull(cubes.get(cube)).id(), row));
                },
                "SELECT " + RowMappers.ITEM + ", v.cube_id FROM item_version v INDEXED BY item_version_unscreened"
                        + " CROSS JOIN item i ON i.cube_id = v.cube_id AND i.item_id = v.item_id"
                        + " WHERE v.sensitivity IS NULL LIMIT ?",
                limit);
        versions.forEach(each -> store(writer, each, labels.apply(each.version)));
        return versions.size();
    }

    private static void store(SqliteWriter writer, Unscreened each, SensitivityLabel label) {
        ItemId id = each.version.id();
        writer.sql.update(
                "UPDATE item_version SET sensitivity = ?, labeled = ?"
                        + " WHERE cube_id = ? AND item_id = ? AND version = ?",
                label.sensitivity().id(),
                label.given().id(),
                each.cube,
                id,
                each.version.version());
        if (label.sensitivity() != Sensitivity.INTERNAL) {
            writer.reread(each.cube, id);
        }
    }
}
