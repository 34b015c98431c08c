package io.memos4j.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.http.HttpEndpoints;
import io.memos4j.internal.NearestName;
import io.memos4j.server.ServerConfig.Backups;
import io.memos4j.server.ServerConfig.Log;
import io.memos4j.server.ServerConfig.LogFormat;
import io.memos4j.server.ServerConfig.Protocols;
import io.memos4j.server.http.ListenAddress;
import io.memos4j.server.http.LoadLimits;
import io.memos4j.server.http.ServerLimits;
import io.memos4j.server.http.TlsKeystore;
import io.memos4j.server.proxy.ProxyConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Reads a HOCON configuration file on top of {@code defaults.conf}. Rejects unknown keys and values out of bounds. */
final class ServerConfigReader {
    private static final int KIB = 1 << 10;
    private static final int GIB = 1 << 30;
    private static final Duration LONGEST = Duration.ofDays(1);

    private ServerConfigReader() {}

    static ServerConfig defaults() {
        return parse(defaultSettings(), "the defaults", Map.of());
    }

    static ServerConfig read(Path file, Map<String, String> environment) {
        if (!Files.isReadable(file)) {
            throw invalid("There is no readable file " + file + ". Pass the path of a configuration file.");
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
                                + NearestName.find(key, names).orElseThrow() + "'?");
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
                new ListenAddress(
                        config.getString("server.host"),
                        within(config, "server.port", 0, ListenAddress.MAX_PORT, file),
                        tls(config, environment)),
                new ServerLimits(
                        bytes(config, "limits.body", GIB, file),
                        bytes(config, "limits.header", 1 << 20, file),
                        within(config, "limits.calls-per-second", 0, 1_000_000, file),
                        within(config, "limits.connections", 1, 60_000, file),
                        span(config, "limits.idle", Duration.ofMillis(1), file),
                        span(config, "server.drain", Duration.ZERO, file),
                        load(config, file)),
                new Backups(path(config, "backup.directory"), within(config, "backup.keep", 0, 1_000_000, file)),
                new Log(format(config, file), config.getBoolean("log.calls")),
                price(config, file),
                new Protocols(config.getStringList("mcp.origins"), proxy(config, file, environment)));
    }

    private static LoadLimits load(Config config, String file) {
        return new LoadLimits(
                        within(config, "limits.body-values", 1_000, 4_000_000, file),
                        within(config, "limits.body-list", 100, 1_000_000, file),
                        config.getBytes("limits.body-memory") == 0
                                ? 0
                                : bytes(config, "limits.body-memory", Integer.MAX_VALUE, file),
                        within(config, "limits.calls-at-once", 0, 10_000, file),
                        within(config, "limits.calls-at-once-shared", 0, 10_000, file),
                        within(config, "limits.waiting-calls", 1, 1_000_000, file),
                        span(config, "limits.wait", Duration.ofMillis(1), file))
                .resolved();
    }

    private static Optional<ProxyConfig> proxy(Config config, String file, Map<String, String> environment) {
        String upstream = config.getString("proxy.upstream");
        if (upstream.isEmpty()) {
            return Optional.empty();
        }
        boolean required = switch (config.getString("proxy.on-failure")) {
            case "open" -> false;
            case "closed" -> true;
            default -> throw invalid("Setting 'proxy.on-failure' in " + file + " must be open or closed.");
        };
        return Optional.of(new ProxyConfig(
                upstream(upstream, file),
                secret(config.getString("proxy.api-key-env"), environment),
                span(config, "proxy.timeout", Duration.ofMillis(1), file),
                new ProxyConfig.Recall(
                        within(config, "proxy.max-tokens", 100, 100_000, file),
                        within(config, "proxy.profile-tokens", 0, 10_000, file),
                        required),
                config.getBoolean("proxy.capture")));
    }

    private static URI upstream(String url, String file) {
        try {
            return HttpEndpoints.requireBase(URI.create(url), "the provider", ServerConfigReader::invalid);
        } catch (IllegalArgumentException | MemoryException e) {
            throw invalid("Setting 'proxy.upstream' in " + file
                    + " must be a URL like https://host/v1, without user or password.");
        }
    }

    /** Reads an environment variable; empty if no name is given. */
    private static String secret(String variable, Map<String, String> environment) {
        if (variable.isEmpty()) {
            return "";
        }
        return Optional.ofNullable(environment.get(variable))
                .filter(value -> !value.isBlank())
                .map(value -> HttpEndpoints.requireKey(value, "the provider", ServerConfigReader::invalid))
                .orElseThrow(() -> invalid(
                        "proxy.upstream needs the provider's key in the environment variable " + variable + "."));
    }

    private static Optional<Path> path(Config config, String key) {
        return Optional.of(config.getString(key))
                .filter(text -> !text.isEmpty())
                .map(Path::of);
    }

    private static Optional<TlsKeystore> tls(Config config, Map<String, String> environment) {
        return path(config, "server.tls.keystore").map(keystore -> {
            String variable = config.getString("server.tls.password-env");
            String password = Optional.ofNullable(environment.get(variable))
                    .orElseThrow(() -> invalid(
                            "server.tls.keystore needs its password in the environment variable " + variable + "."));
            return TlsKeystore.open(keystore, password);
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
}
