package io.memos4j.core.cube;

import io.memos4j.core.search.SearchService;

/** The operations that recall the items of a cube and note their use; one set an engine, shared by its cubes. */
public record RecallOperations(SearchService search, ChatOperation chat, CubeRetention retention) {}
