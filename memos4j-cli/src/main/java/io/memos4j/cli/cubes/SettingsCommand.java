package io.memos4j.cli.cubes;

import io.memos4j.api.CubeSettings;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.TimeZones;
import io.memos4j.api.privacy.LabelRule;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.server.v1.ApiJson;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows or changes the settings of a cube. */
@Command(name = "settings", description = "Show or change the settings of a cube; what is not given stays as it is.")
public final class SettingsCommand extends CubeCommand {
    private static final String NONE = "none";

    @Option(names = "--zone", paramLabel = "ZONE")
    private Optional<String> zone = Optional.empty();

    @Option(
            names = "--private",
            paramLabel = "RULE",
            description = "Personal data: store, redact or block; then optionally ,prompts or ,no-prompts and ,P30D.")
    private Optional<String> personal = Optional.empty();

    @Option(names = "--secret", paramLabel = "RULE", description = "Passwords, keys and card numbers: as --private.")
    private Optional<String> secret = Optional.empty();

    @Override
    protected int run(MemCube target) {
        if (zone.isPresent() || personal.isPresent() || secret.isPresent()) {
            target.settings(changed(target.settings()));
        }
        CubeSettings settings = target.settings();
        if (json()) {
            printJson(ApiJson.settings(settings));
        } else {
            screen().line("time zone  "
                    + settings.zone().map(ZoneId::getId).orElse("none: that of the request or of the server"));
            screen().line("private    " + describe(settings.privacy().rule(Sensitivity.PRIVATE)));
            screen().line("secret     " + describe(settings.privacy().rule(Sensitivity.SECRET)));
        }
        return ExitCode.OK;
    }

    private CubeSettings changed(CubeSettings now) {
        Optional<ZoneId> newZone = zone.isEmpty()
                ? now.zone()
                : zone.filter(name -> !name.equals(NONE)).map(name -> TimeZones.parse(name, "--zone"));
        PrivacyPolicy privacy = new PrivacyPolicy(
                personal.map(rule -> rule("--private", rule, now.privacy().personal()))
                        .orElse(now.privacy().personal()),
                secret.map(rule -> rule("--secret", rule, now.privacy().secret()))
                        .orElse(now.privacy().secret()));
        return new CubeSettings(newZone, privacy);
    }

    private static String describe(LabelRule rule) {
        return rule.action().id()
                + (rule.inPrompts() ? ", in prompts" : ", not in prompts")
                + rule.expireAfter().map(time -> ", expires after " + time).orElse("");
    }

    /** Parses a rule; whether it allows prompts stays as it is if it does not say. */
    private static LabelRule rule(String option, String text, LabelRule now) {
        String[] parts = text.split(",");
        boolean prompts = now.inPrompts();
        Optional<Duration> expiry = Optional.empty();
        for (int i = 1; i < parts.length; i++) {
            switch (parts[i].strip()) {
                case "prompts" -> prompts = true;
                case "no-prompts" -> prompts = false;
                default -> expiry = Optional.of(duration(option, parts[i].strip()));
            }
        }
        return new LabelRule(LabelRule.Action.parse(parts[0].strip()), expiry, prompts);
    }

    private static Duration duration(String option, String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw MemoryException.invalid("In " + option + ", '" + text
                    + "' is neither prompts nor no-prompts nor an ISO 8601 duration such as P30D.");
        }
    }
}
