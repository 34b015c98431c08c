/** The console: a web page for inspecting and managing the memories that a key gives access to. */
@NullMarked
package io.memos4j.server.console;

import org.jspecify.annotations.NullMarked;
