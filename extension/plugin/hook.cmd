@echo off
set "STATE=%LOCALAPPDATA%\gatehouse\Data"
if defined GATEHOUSE_STATE set "STATE=%GATEHOUSE_STATE%"
if exist "%STATE%\bin\hook.cmd" "%STATE%\bin\hook.cmd" auto
exit /b 0
