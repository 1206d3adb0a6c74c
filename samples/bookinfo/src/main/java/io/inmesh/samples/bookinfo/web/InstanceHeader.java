package io.inmesh.samples.bookinfo.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.filter.OncePerRequestFilter;

/** Says in every answer which instance gave it. */
public final class InstanceHeader extends OncePerRequestFilter {
    /** Name of the header. */
    public static final String NAME = "x-bookinfo-instance";

    private final String instance;

    /** Takes the name of the instance. */
    public InstanceHeader(@Value("${spring.application.name}") String instance) {
        this.instance = instance;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader(NAME, instance + " at " + request.getLocalAddr() + ":" + request.getLocalPort());
        chain.doFilter(request, response);
    }
}
