package io.memos4j.cli.cubes;

import io.memos4j.api.CubeSettings;
import io.memos4j.api.MemCube;
import io.memos4j.api.TimeZones;
import io.memos4j.cli.command.CubeCommand;
import io.memos4j.cli.command.ExitCode;
import io.memos4j.server.v1.ApiJson;
import java.time.ZoneId;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows or changes the settings of a cube. */
@Command(name = "settings", description = "Show or change the settings of a cube; what is not given stays as it is.")
public final class SettingsCommand extends CubeCommand {
    private static final String NONE = "none";

    @Option(names = "--zone", paramLabel = "ZONE")
    private Optional<String> zone = Optional.empty();

    @Override
    protected int run(MemCube target) {
        zone.map(SettingsCommand::settings).ifPresent(target::settings);
        CubeSettings settings = target.settings();
        if (json()) {
            printJson(ApiJson.settings(settings));
        } else {
            screen().line("time zone  "
                    + settings.zone().map(ZoneId::getId).orElse("none: that of the request or of the server"));
        }
        return ExitCode.OK;
    }

    private static CubeSettings settings(String zone) {
        return zone.equals(NONE) ? CubeSettings.DEFAULT : CubeSettings.DEFAULT.zone(TimeZones.parse(zone, "--zone"));
    }
}
