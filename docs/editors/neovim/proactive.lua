-- proactive-lsp in Neovim, 0.7 and newer.
-- Copy this to ~/.config/nvim/lua/proactive.lua and write require("proactive").setup() in init.lua.

local M = { suggestions = {} } -- by client: what stands, likeliest first

local function clients()
  local all = (vim.lsp.get_clients or vim.lsp.get_active_clients)()
  return vim.tbl_filter(function(client) return client.name == "proactive" end, all)
end

local function request(client, command, arguments, heard)
  local params = { command = "proactive.server." .. command, arguments = arguments }
  local function answered(error, result)
    if error then
      vim.notify(error.message, vim.log.levels.WARN)
    elseif heard then
      heard(result)
    end
  end
  if vim.fn.has("nvim-0.11") == 1 then
    client:request("workspace/executeCommand", params, answered)
  else
    client.request("workspace/executeCommand", params, answered)
  end
end

-- Run one of the commands of the server that serves this buffer, or else of any.
function M.run(command, arguments, heard)
  local all = clients()
  for _, client in ipairs(all) do
    if vim.lsp.buf_is_attached(0, client.id) then
      return request(client, command, arguments, heard)
    end
  end
  if all[1] then request(all[1], command, arguments, heard) end
end

-- The id of the suggestion on the cursor's line; nil where there is none.
function M.at_cursor()
  for _, hint in ipairs(vim.diagnostic.get(0, { lnum = vim.fn.line(".") - 1 })) do
    if hint.source == "proactive" then return hint.user_data.lsp.data.id end
  end
end

-- All places of all suggestions, as a quickfix list.
function M.list()
  local items = {}
  for _, cards in pairs(M.suggestions) do
    for _, card in ipairs(cards) do
      local places = #card.places > 0 and card.places or { { uri = card.path, range = card.range } }
      for _, item in ipairs(vim.lsp.util.locations_to_items(places, "utf-16")) do
        item.text = card.title
        table.insert(items, item)
      end
    end
  end
  vim.fn.setqflist({}, " ", { title = "Proactive", items = items })
  if #items > 0 then vim.cmd("copen") end
end

-- Why this suggestion, or without an id why there is none.
function M.why(id)
  M.run("explain", { id or vim.NIL }, function(text)
    vim.lsp.util.open_floating_preview(vim.split(text, "\n"), "markdown", {})
  end)
end

local function answer(command)
  local id = M.at_cursor()
  if not id then return vim.notify("no suggestion on this line") end
  M.run(command, { id })
end

local verbs = {
  list = M.list,
  why = function() M.why(M.at_cursor()) end,
  dismiss = function() answer("dismiss") end,
  mute = function() answer("muteKind") end,
  snooze = function(minutes)
    for _, client in ipairs(clients()) do
      request(client, "snooze", { tonumber(minutes) or 60 })
    end
  end,
}

local handlers = {
  ["proactive/suggestions"] = function(_, result, ctx)
    M.suggestions[ctx.client_id] = result.suggestions
  end,
  -- What a model wrote and belongs into no file, such as a commit message.
  ["proactive/written"] = function(_, result)
    vim.fn.setreg('"', result.text)
    vim.notify("written, and in the unnamed register: put it with p")
  end,
}

local function attached(client)
  -- Neovim 0.11 shows no text beside a line unless asked to; these are few and short.
  if not vim.diagnostic.config().virtual_text then
    vim.diagnostic.config({ virtual_text = true }, vim.lsp.diagnostic.get_namespace(client.id))
  end
end

-- Before 0.11: one server for each repository, and one for the files outside of any.
local function start(config)
  local started = {}
  vim.api.nvim_create_autocmd("FileType", {
    callback = function(event)
      local file = vim.api.nvim_buf_get_name(event.buf)
      if file == "" or vim.bo[event.buf].buftype ~= "" then return end
      local above = vim.fn.fnamemodify(file, ":p:h") .. ";"
      local git = vim.fn.finddir(".git", above)
      if git == "" then git = vim.fn.findfile(".git", above) end
      local root = git ~= "" and vim.fn.fnamemodify(git, ":p:s?/$??:h") or nil
      local id = started[root or ""]
      if not id or not vim.lsp.get_client_by_id(id) then
        id = vim.lsp.start_client(vim.tbl_extend("force", config, { root_dir = root }))
        started[root or ""] = id
      end
      if id then vim.lsp.buf_attach_client(event.buf, id) end
    end,
  })
end

-- `options.cmd` starts the server, `options.settings` are its settings, nested.
function M.setup(options)
  options = options or {}
  local able = vim.lsp.protocol.make_client_capabilities()
  -- Neovim knows versions in edits and files to be made, but does not say so.
  able.workspace.workspaceEdit.documentChanges = true
  local config = {
    name = "proactive",
    cmd = options.cmd or { "proactive-lsp", "serve" },
    init_options = vim.tbl_extend("force", options.settings or {}, { proactive = true }),
    capabilities = able,
    handlers = handlers,
    on_attach = attached,
  }
  if vim.lsp.config then
    vim.lsp.config("proactive", vim.tbl_extend("error", config, { root_markers = { ".git" } }))
    vim.lsp.enable("proactive")
  else
    start(config)
  end
  -- "Proactive…" among the code actions.
  vim.lsp.commands["proactive.server.explain"] = function(command) M.why(command.arguments[1]) end
  vim.api.nvim_create_user_command("Proactive", function(asked)
    local verb = verbs[asked.fargs[1] or "list"]
    if not verb then return vim.notify("Proactive: " .. table.concat(vim.tbl_keys(verbs), ", ")) end
    verb(asked.fargs[2])
  end, { nargs = "*", complete = function() return vim.tbl_keys(verbs) end })
end

return M
