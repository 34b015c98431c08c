package io.memos4j.cli.server;

import io.memos4j.cli.command.EngineCommand;
import io.memos4j.core.MemOsConfig.Background;

/** Base of the commands that serve other programs: they search, and all background tasks run. */
public abstract class ServingCommand extends EngineCommand {
    @Override
    protected final boolean usesLanguageModel() {
        return true;
    }

    @Override
    protected final boolean usesReranker() {
        return true;
    }

    @Override
    protected final Background background() {
        return Background.DEFAULT;
    }
}
