package io.memos4j.cli.server;

import io.memos4j.cli.command.ExitCode;
import io.memos4j.cli.options.AnsweringOptions;
import io.memos4j.cli.options.TrainingOptions;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.MemOs;
import io.memos4j.core.TrainingConfig;
import io.memos4j.server.MemoryServer;
import io.memos4j.server.ServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves a data directory over HTTP until the process is told to end. */
@Command(
        name = "serve",
        description = {
            "Serve the memory over HTTP: native API, MemOS and mem0 clients, MCP, an OpenAI-compatible proxy, a"
                    + " console.",
            "With --model or --runtime-url a model answers conversations from memory; with --base it is also trained.",
            "The first start on a directory creates an administrator and prints its key, once."
        })
public final class ServeCommand extends ServingCommand {
    /** The time to close the engine after the running requests. */
    private static final Duration CLOSING = Duration.ofSeconds(30);

    @Option(names = "--port", paramLabel = "N")
    private Optional<Integer> port = Optional.empty();

    @Option(names = "--host", paramLabel = "ADDRESS")
    private Optional<String> host = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE")
    private Optional<Path> file = Optional.empty();

    @Mixin
    private AnsweringOptions answerer;

    @Mixin
    private TrainingOptions training;

    /** Never reached: the shutdown hook closes server and engine, and then the process ends. */
    private final CountDownLatch end = new CountDownLatch(1);

    private volatile Optional<MemoryServer> server = Optional.empty();

    private ServerConfig config = ServerConfig.defaults();
    private Optional<TrainingConfig> learning = Optional.empty();

    @Override
    public Integer call() throws Exception {
        // The configuration is checked before anything is opened.
        config = file.map(ServerConfig::read).orElse(config);
        config = port.map(config::withPort).orElse(config);
        config = host.map(config::withHost).orElse(config);
        learning = training.forServer(answerer.threads());
        if (learning.isPresent()) {
            answerer.requireTrainable(models());
        }
        ServerLogging.of(config.log().format());
        return super.call();
    }

    @Override
    protected Optional<ChatConfig> chatConfig() {
        return answerer.findChatConfig(models());
    }

    @Override
    protected Optional<TrainingConfig> trainingConfig() {
        return learning;
    }

    @Override
    protected Duration closingTime() {
        return config.limits().drain().plus(CLOSING);
    }

    @Override
    protected void beforeClose() {
        server.ifPresent(MemoryServer::close);
    }

    @Override
    protected int run(MemOs memos) throws InterruptedException {
        MemoryServer started = MemoryServer.start(memos, config);
        server = Optional.of(started);
        started.watch(() -> Runtime.getRuntime().halt(ExitCode.STUCK));
        out().println("memos4j serves " + data().toAbsolutePath().normalize() + " at " + started.url());
        started.firstKey().ifPresent(issued -> {
            out().println("The first key, for the administrator '"
                    + issued.key().principal() + "'. Keep it; it is not shown again:");
            out().println(issued.secret());
        });
        out().println("Press Ctrl-C to stop.");
        out().flush();
        end.await();
        return ExitCode.OK;
    }
}
