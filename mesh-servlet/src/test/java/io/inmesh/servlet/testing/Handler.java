package io.inmesh.servlet.testing;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A servlet as a lambda. */
@FunctionalInterface
public interface Handler {
    /** Serves requests of any method. */
    void handle(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException;
}
