package io.memos4j.cli.server;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import io.memos4j.server.ServerConfig.LogFormat;
import java.net.URL;
import java.util.Locale;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/** Configures the log of a server: with times and request IDs, as text or as JSON. */
final class ServerLogging {
    private ServerLogging() {}

    /** Sets the format, unless the user has configured a log of their own. */
    static void of(LogFormat format) {
        if (System.getProperty("logback.configurationFile") != null
                || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        String name = "log-" + format.name().toLowerCase(Locale.ROOT) + ".xml";
        URL setting = Objects.requireNonNull(ServerLogging.class.getResource("/io/memos4j/cli/" + name), name);
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        context.reset();
        try {
            configurator.doConfigure(setting);
        } catch (JoranException e) {
            throw new IllegalStateException("The build has a broken " + name, e);
        }
    }
}
