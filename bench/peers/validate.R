# R validate: every rule as text of the package's own language; sums and readings of text are prepared in R.
# Rscript validate.R FOLDER OUT.csv
suppressMessages({library(validate); library(data.table)})
setDTthreads(2)
given <- commandArgs(TRUE)
read <- function(table) fread(file.path(given[1], paste0(table, ".csv")), encoding = "UTF-8", data.table = FALSE, integer64 = "double", na.strings = "")
rows <- read("indicators"); lines <- read("budget_lines"); groups <- read("indicator_groups"); forms <- read("forms")

number <- function(text, pattern) suppressWarnings(as.numeric(ifelse(grepl(pattern, text, perl = TRUE), sub(paste0(pattern, ".*$"), "\\1", text, perl = TRUE), NA)))
rows$total_score <- forms$total_score[match(rows$form, forms$form)]
rows$group <- paste(rows$form, rows$group1)
rows$stated <- groups$weight[match(rows$group, paste(groups$form, groups$row))]
rows$due <- number(rows$target, "^100%[^(]*\\((\\d+)")
rows$done <- number(rows$actual, "^(\\d+)")
rows$reason[is.na(rows$reason)] <- ""
lines$right <- (lines$executed * 20000 + lines$budget) %/% (lines$budget * 2) * 10000
summed <- function(column, role) rowsum(lines[[column]] * (lines$role == role), lines$form, reorder = FALSE)[, 1]
money <- data.frame(form = unique(lines$form), budget_source = summed("budget", "source"), budget_structure = summed("budget", "structure"), executed_source = summed("executed", "source"), executed_structure = summed("executed", "structure"))

on_rows <- validator(
  "BEN-001" = sum_by(weight, by = form) == 100000000, "BEN-002" = sum_by(weight, by = group) == stated,
  "BEN-003" = score >= 0 & score <= weight, "BEN-006" = !(score < weight & trimws(reason) == ""),
  "BEN-007" = sum_by(score, by = form) == total_score, "BEN-008" = !(level2 == "时效指标" & done_to > deadline_lenient & score >= weight),
  "BEN-009" = is_unique(form, name), "BEN-010" = !(score >= weight & done < due))
on_lines <- validator("BEN-004" = !(budget > 0 & abs(rate - right) > 10000))
on_money <- validator("BEN-005" = budget_source == budget_structure, "BEN-015" = executed_source == executed_structure)

wrong <- function(data, rules) {
  voptions(rules, lin.eq.eps = 0, lin.ineq.eps = 0)
  told <- confront(data, rules)
  failed <- errors(told)
  if (length(failed) > 0) stop(paste(names(failed), unlist(failed), collapse = "; "))
  held <- values(told)
  if (is.list(held)) held <- do.call(cbind, held)
  lapply(setNames(colnames(held), colnames(held)), function(rule) data[which(!held[, rule]), ])
}
found <- c(wrong(rows, on_rows), wrong(lines, on_lines), wrong(money, on_money))
told <- do.call(rbind, lapply(names(found), function(rule) {
  broken <- found[[rule]]
  name <- gsub(".", "-", rule, fixed = TRUE)
  row <- switch(name, "BEN-002" = broken$group1, "BEN-001" = , "BEN-005" = , "BEN-007" = , "BEN-009" = , "BEN-015" = rep(1L, nrow(broken)), broken$row)
  unique(data.frame(rule = rep(name, nrow(broken)), form_id = forms$form_id[match(broken$form, forms$form)], row = row))
}))
fwrite(told, given[2])
