package io.memos4j.cli.admin;

import io.memos4j.api.CubeId;
import io.memos4j.api.access.ApiKey;
import io.memos4j.api.access.AuditEntry;
import io.memos4j.api.access.AuditRecord;
import io.memos4j.api.access.AuditVerification;
import io.memos4j.api.access.CubeGrant;
import io.memos4j.api.access.IssuedKey;
import io.memos4j.api.access.Principal;
import io.memos4j.cli.output.JsonOutput;
import io.memos4j.cli.output.TextOutput;
import io.memos4j.cli.output.TimeFormat;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prints principals, keys, grants and audit entries, for people or as one JSON object per line. */
public record AccessPrinter(PrintWriter out, boolean json) {
    void printLine(Principal principal) {
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("name", principal.name());
            values.put("administrator", principal.administrator());
            values.put("created", principal.createdAt().toString());
            out.println(JsonOutput.of(values));
        } else {
            String role = principal.administrator() ? "administrator" : "owns " + principal.space();
            new TextOutput(out).format("%-24s %s", principal.name(), role);
        }
    }

    void printLine(ApiKey key) {
        if (json) {
            out.println(JsonOutput.of(values(key)));
            return;
        }
        StringBuilder more = new StringBuilder();
        key.expiresAt().ifPresent(at -> more.append("  expires ").append(TimeFormat.format(at)));
        key.revokedAt().ifPresent(at -> more.append("  revoked ").append(TimeFormat.format(at)));
        more.append(
                key.lastUsedAt().map(at -> "  used " + TimeFormat.format(at)).orElse("  never used"));
        if (!key.cubes().isEmpty()) {
            more.append("  only ").append(String.join(", ", cubes(key)));
        }
        if (!key.label().isEmpty()) {
            more.append("  ").append(TextOutput.firstLine(key.label()));
        }
        new TextOutput(out).format("%s  %-5s  %-24s%s", key.id(), key.scope().id(), key.principal(), more);
    }

    /** Prints the secret of a new key, alone on its line. */
    void printSecret(IssuedKey issued) {
        if (json) {
            Map<String, Object> values = values(issued.key());
            values.put("secret", issued.secret());
            out.println(JsonOutput.of(values));
        } else {
            out.println(issued.secret());
        }
    }

    void printLine(CubeGrant grant) {
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("principal", grant.principal());
            values.put("cube", grant.cube().value());
            values.put("permission", grant.permission().id());
            values.put("created", grant.createdAt().toString());
            put(values, "expires", grant.expiresAt());
            out.println(JsonOutput.of(values));
        } else {
            String end = grant.expiresAt()
                    .map(at -> "  until " + TimeFormat.format(at))
                    .orElse("");
            new TextOutput(out)
                    .format(
                            "%-24s %-5s  %s%s",
                            grant.principal(), grant.permission().id(), grant.cube(), end);
        }
    }

    void printLine(AuditEntry entry) {
        if (json) {
            out.println(JsonOutput.of(values(entry)));
        } else {
            new TextOutput(out)
                    .format(
                            "%8d  %s  %d  %s  %s%s%s%s",
                            entry.number(),
                            entry.at(),
                            entry.outcome(),
                            entry.principal().isEmpty() ? "nobody" : entry.principal(),
                            entry.action(),
                            entry.cube().isEmpty() ? "" : "  " + entry.cube(),
                            entry.target().isEmpty() ? "" : "  " + entry.target(),
                            entry.count() == 1 ? "" : "  (" + entry.count() + " calls)");
        }
    }

    /** Prints an entry as JSON, with its hash. */
    void printLine(AuditRecord exported) {
        Map<String, Object> values = values(exported.entry());
        values.put("hash", exported.hash());
        out.println(JsonOutput.of(values));
    }

    private static Map<String, Object> values(AuditEntry entry) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("number", entry.number());
        values.put("at", entry.at().toString());
        values.put("principal", entry.principal());
        values.put("key", entry.key());
        values.put("action", entry.action());
        values.put("cube", entry.cube());
        values.put("target", entry.target());
        values.put("outcome", entry.outcome());
        values.put("request", entry.request());
        values.put("count", entry.count());
        return values;
    }

    void print(AuditVerification found) {
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("intact", found.isIntact());
            values.put("entries", found.entries());
            values.put("first", found.first());
            values.put("last", found.last());
            values.put("hash", found.hash());
            values.put("checkpoints", found.checkpoints());
            values.put("signed_up_to", found.signedUpTo());
            values.put("public_key", found.publicKey());
            values.put("problems", found.problems());
            out.println(JsonOutput.of(values));
            return;
        }
        TextOutput screen = new TextOutput(out);
        found.problems().forEach(screen::line);
        screen.line((found.isIntact() ? "Intact: " : "NOT intact: ") + found.entries() + " entries, "
                + found.checkpoints() + " checkpoints, signed up to entry " + found.signedUpTo() + ".");
        screen.line("Note this elsewhere: --known " + found.last() + ":" + found.hash());
        if (!found.publicKey().isEmpty()) {
            screen.line("Public key: " + found.publicKey());
        }
    }

    private static List<String> cubes(ApiKey key) {
        return key.cubes().stream().sorted().map(CubeId::value).toList();
    }

    private static Map<String, Object> values(ApiKey key) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("id", key.id());
        values.put("principal", key.principal());
        values.put("label", key.label());
        values.put("scope", key.scope().id());
        values.put("cubes", cubes(key));
        values.put("created", key.createdAt().toString());
        put(values, "expires", key.expiresAt());
        put(values, "revoked", key.revokedAt());
        put(values, "last_used", key.lastUsedAt());
        return values;
    }

    private static void put(Map<String, Object> values, String name, Optional<Instant> at) {
        at.ifPresent(instant -> values.put(name, instant.toString()));
    }
}
