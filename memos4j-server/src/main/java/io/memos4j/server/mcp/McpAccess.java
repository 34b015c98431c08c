package io.memos4j.server.mcp;

import io.memos4j.api.CubeId;
import io.memos4j.api.MemCube;
import io.memos4j.api.MemoryException;
import io.memos4j.api.access.Permission;
import io.memos4j.api.privacy.Reader;
import java.util.Map;
import java.util.function.Supplier;

/** The cubes that a caller can access. */
interface McpAccess {
    /** The reader of the answers of tools: a language model. */
    Reader MODEL = Reader.OWNER.throughModel();

    /** Returns the name of the cube that calls use if they name none. */
    String defaultCube();

    /**
     * Returns an existing cube.
     *
     * @throws MemoryException if it does not exist or the caller lacks the permission
     */
    MemCube cube(String name, Permission needed);

    /** Returns the cube to add to; creates it if it is missing and the caller may create it. */
    MemCube cubeForWriting(String name);

    /** Returns the caller's permission on each cube that it can access, by its name for the cube. */
    Map<String, Permission> cubes();

    /** Returns the caller's name for a cube. */
    String cubeName(CubeId cube);

    /** Does work that the model behind the client decides: it is screened as the words of others are. */
    <T> T asAssistant(Supplier<T> work);

    /**
     * Does the work of a tool, so that the audit names the tool.
     *
     * @param changes whether the tool changes something
     */
    <T> T call(String tool, boolean changes, Supplier<T> work);

    /**
     * Records that a call of a tool failed.
     *
     * @param outcome an HTTP status
     */
    void recordFailure(String tool, int outcome);
}
