package io.memos4j.cli.server;

import io.memos4j.cli.command.EngineCommand;
import io.memos4j.cli.options.AnsweringOptions;
import io.memos4j.cli.options.TrainingOptions;
import io.memos4j.core.ChatConfig;
import io.memos4j.core.MemOs;
import io.memos4j.core.MemOsConfig.Background;
import io.memos4j.core.TrainingConfig;
import io.memos4j.server.MemoryServer;
import io.memos4j.server.ServerConfig;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves a data directory over HTTP until the process is told to end. */
@Command(
        name = "serve",
        description = {
            "Serve the memory over HTTP: native API, clients of MemOS and mem0, MCP, an OpenAI-compatible proxy, a console.",
            "With --model or --runtime-url a model answers conversations with the memory's help; with --base too it is taught.",
            "The first start on a directory makes an administrator and shows its key, once."
        })
public final class ServeCommand extends EngineCommand {
    @Option(names = "--port", paramLabel = "N", description = "The port; 0 takes any free one (default: 7070).")
    private Optional<Integer> port = Optional.empty();

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "The address to listen on (default: 127.0.0.1, this machine only).")
    private Optional<String> host = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", description = "Further settings.")
    private Optional<Path> file = Optional.empty();

    @Mixin
    private AnsweringOptions answerer;

    @Mixin
    private TrainingOptions training;

    /**
     * Never reached: whoever tells the process to end starts the hook, which closes server and engine, and then it is
     * over.
     */
    private final CountDownLatch end = new CountDownLatch(1);

    private volatile Optional<MemoryServer> server = Optional.empty();

    /** Read before anything is opened, so that a mistake in it costs nothing. */
    private ServerConfig config = ServerConfig.defaults();

    private Optional<TrainingConfig> learning = Optional.empty();

    @Override
    public Integer call() throws Exception {
        config = file.map(ServerConfig::read).orElse(config);
        config = port.map(config::withPort).orElse(config);
        config = host.map(config::withHost).orElse(config);
        learning = training.find(answerer.threads());
        if (learning.isPresent()) {
            answerer.requireTrainable(models());
        }
        ServerLogging.of(config.log().format());
        return super.call();
    }

    @Override
    public boolean usesLanguageModel() {
        return true;
    }

    @Override
    public boolean usesReranker() {
        return true;
    }

    @Override
    public Background background() {
        return Background.DEFAULT;
    }

    @Override
    public Optional<ChatConfig> answering() {
        return answerer.find(models());
    }

    @Override
    public Optional<TrainingConfig> learning() {
        return learning;
    }

    @Override
    public void beforeClose() {
        server.ifPresent(MemoryServer::close);
    }

    @Override
    public int run(MemOs memos) throws InterruptedException {
        MemoryServer started = MemoryServer.start(memos, config);
        server = Optional.of(started);
        out().println("memos4j serves " + data().toAbsolutePath().normalize() + " at " + started.url());
        started.firstKey().ifPresent(issued -> {
            out().println("The first key, of the administrator '" + issued.key().principal()
                    + "'. Keep it, it is not shown again:");
            out().println(issued.secret());
        });
        out().println("Stop with Ctrl-C.");
        out().flush();
        end.await();
        return 0;
    }
}
