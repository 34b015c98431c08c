package io.memos4j.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Nearest;
import io.memos4j.server.http.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How the server listens, within which bounds, and what it tells its operators. {@code defaults.conf} beside this class lists every setting
 * with its reason; a key that is not there is refused.
 *
 * @param port 0 for any free one
 * @param drain how long running calls may take when the server stops
 * @param modelPrice of a million tokens of the language model, in any currency; 0 if it is not known
 */
public record ServerConfig(
        String host,
        int port,
        Duration drain,
        Optional<Tls> tls,
        Limits limits,
        Backups backups,
        Log log,
        double modelPrice) {
    private static final int MOST_PORT = 65_535;
    private static final int KIB = 1 << 10;
    private static final int GIB = 1 << 30;
    private static final Duration LONGEST = Duration.ofDays(1);

    /**
     * The bounds that protect the server from its clients.
     *
     * @param body bytes
     * @param header bytes
     * @param callsPerSecond of one key; 0 for no limit
     * @param idle after which a connection without traffic is closed
     */
    public record Limits(int body, int header, int callsPerSecond, int connections, Duration idle) {}

    /**
     * Where copies of everything go.
     *
     * @param directory within the data directory if none is named
     * @param keep the newest so many; 0 for all
     */
    public record Backups(Optional<Path> directory, int keep) {}

    /**
     * What is written to the log. The form is for whoever sets the log up, the command line for example.
     *
     * @param calls whether each call has its line
     */
    public record Log(LogFormat format, boolean calls) {}

    /** The form of a line of the log. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    public ServerConfig {
        if (port < 0 || port > MOST_PORT) {
            throw invalid("The port must be 0 to " + MOST_PORT + ", it is " + port + ". 0 takes any free one.");
        }
    }

    /** What holds where nothing is said. */
    public static ServerConfig defaults() {
        return parse(defaultSettings(), "the defaults", Map.of());
    }

    /**
     * Reads a configuration file.
     *
     * @throws MemoryException with {@link ErrorCode#INVALID_CONFIGURATION} if it is not there, cannot be read, has an unknown key or a value out
     *     of bounds
     */
    public static ServerConfig read(Path file) {
        return read(file, System.getenv());
    }

    /** @param environment holds the secrets */
    static ServerConfig read(Path file, Map<String, String> environment) {
        if (!Files.isReadable(file)) {
            throw invalid("There is no readable file " + file + ". Give the path of a configuration file.");
        }
        try {
            Config given = ConfigFactory.parseFile(
                            file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
                    .resolve();
            Config known = defaultSettings();
            TreeSet<String> names = new TreeSet<>();
            known.entrySet().forEach(entry -> names.add(entry.getKey()));
            given.entrySet().stream()
                    .map(Map.Entry::getKey)
                    .filter(key -> !names.contains(key))
                    .findFirst()
                    .ifPresent(key -> {
                        throw invalid("Unknown setting '" + key + "' in " + file + ". Did you mean '"
                                + Nearest.to(key, names).orElseThrow() + "'?");
                    });
            return parse(given.withFallback(known), file.toString(), environment);
        } catch (ConfigException e) {
            throw new MemoryException(
                    ErrorCode.INVALID_CONFIGURATION, "Cannot read the configuration: " + e.getMessage(), e);
        }
    }

    private static Config defaultSettings() {
        return ConfigFactory.parseResources(ServerConfig.class, "defaults.conf").resolve();
    }

    private static ServerConfig parse(Config config, String file, Map<String, String> environment) {
        return new ServerConfig(
                config.getString("server.host"),
                within(config, "server.port", 0, MOST_PORT, file),
                span(config, "server.drain", Duration.ZERO, file),
                tls(config, environment),
                new Limits(
                        bytes(config, "limits.body", GIB, file),
                        bytes(config, "limits.header", 1 << 20, file),
                        within(config, "limits.calls-per-second", 0, 1_000_000, file),
                        within(config, "limits.connections", 1, 60_000, file),
                        span(config, "limits.idle", Duration.ofMillis(1), file)),
                new Backups(path(config, "backup.directory"), within(config, "backup.keep", 0, 1_000_000, file)),
                new Log(format(config, file), config.getBoolean("log.calls")),
                price(config, file));
    }

    private static Optional<Path> path(Config config, String key) {
        return Optional.of(config.getString(key))
                .filter(text -> !text.isEmpty())
                .map(Path::of);
    }

    private static Optional<Tls> tls(Config config, Map<String, String> environment) {
        return path(config, "server.tls.keystore").map(keystore -> {
            String variable = config.getString("server.tls.password-env");
            String password = Optional.ofNullable(environment.get(variable))
                    .orElseThrow(() -> invalid(
                            "server.tls.keystore needs its password in the environment variable " + variable + "."));
            return Tls.of(keystore, password);
        });
    }

    private static LogFormat format(Config config, String file) {
        String name = config.getString("log.format");
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "text" -> LogFormat.TEXT;
            case "json" -> LogFormat.JSON;
            default ->
                throw invalid("Setting 'log.format' in " + file + " must be text or json, it is '" + name + "'.");
        };
    }

    private static double price(Config config, String file) {
        double price = config.getDouble("model.price-per-million-tokens");
        if (!(price >= 0) || Double.isInfinite(price)) {
            throw invalid(
                    "Setting 'model.price-per-million-tokens' in " + file + " must be 0 or more, it is " + price + ".");
        }
        return price;
    }

    private static Duration span(Config config, String key, Duration least, String file) {
        Duration span = config.getDuration(key);
        if (span.compareTo(least) < 0 || span.compareTo(LONGEST) > 0) {
            throw invalid("Setting '" + key + "' in " + file + " must be " + least.toMillis() + " ms to "
                    + LONGEST.toHours() + " h, it is " + span.toMillis() + " ms.");
        }
        return span;
    }

    private static int within(Config config, String key, int least, int most, String file) {
        int value = config.getInt(key);
        if (value < least || value > most) {
            throw invalid("Setting '" + key + "' in " + file + " must be " + least + " to " + most + ", it is " + value
                    + ".");
        }
        return value;
    }

    private static int bytes(Config config, String key, int most, String file) {
        long value = config.getBytes(key);
        if (value < KIB || value > most) {
            throw invalid(
                    "Setting '" + key + "' in " + file + " must be 1 KiB to " + most + " bytes, it is " + value + ".");
        }
        return (int) value;
    }

    private static MemoryException invalid(String message) {
        return new MemoryException(ErrorCode.INVALID_CONFIGURATION, message);
    }

    public ServerConfig withHost(String newHost) {
        return new ServerConfig(newHost, port, drain, tls, limits, backups, log, modelPrice);
    }

    public ServerConfig withPort(int newPort) {
        return new ServerConfig(host, newPort, drain, tls, limits, backups, log, modelPrice);
    }

    public ServerConfig withDrain(Duration newDrain) {
        return new ServerConfig(host, port, newDrain, tls, limits, backups, log, modelPrice);
    }

    public ServerConfig withTls(Tls newTls) {
        return new ServerConfig(host, port, drain, Optional.of(newTls), limits, backups, log, modelPrice);
    }

    public ServerConfig withLimits(Limits newLimits) {
        return new ServerConfig(host, port, drain, tls, newLimits, backups, log, modelPrice);
    }

    public ServerConfig withBackups(Backups newBackups) {
        return new ServerConfig(host, port, drain, tls, limits, newBackups, log, modelPrice);
    }

    public ServerConfig withLog(Log newLog) {
        return new ServerConfig(host, port, drain, tls, limits, backups, newLog, modelPrice);
    }

    public ServerConfig withModelPrice(double newPrice) {
        return new ServerConfig(host, port, drain, tls, limits, backups, log, newPrice);
    }
}
